"""What the pages of a group tabletop are made of."""
