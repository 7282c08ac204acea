"""Pages on which a named operator hears appeals, until juries do."""
