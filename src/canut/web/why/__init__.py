"""Why a project is open to somebody, or not yet, in plain words."""
