"""Resolution juries: members drawn by lot settle what a draft is blocked for (MECHANISMS 6.3)."""
