"""The parts of the page of assignments: the list, the form, one assignment, who is due."""
