"""Pages of notices: what somebody was told, what they want to be told and how, and stopping it."""
