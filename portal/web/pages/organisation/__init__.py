"""For administrators: the tree of units, browsed level by level and changed."""

from portal.web.pages.organisation.page import page

__all__ = ["page"]
