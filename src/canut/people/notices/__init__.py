"""Notices: the one way in which the site tells people anything: on a page, by mail, in their browsers."""
