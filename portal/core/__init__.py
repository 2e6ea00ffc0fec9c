"""Pure rules of the portal: no clock, no files, no database, no browser.

Everything here is a function of its arguments. Clock, seed and text come in from outside,
so that how people are taught, graded and judged can be read and tested on its own.
"""
