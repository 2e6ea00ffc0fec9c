"""For administrators: people, their posts and roles, and what they sign in with."""

from portal.web.pages.people.page import page

__all__ = ["page"]
