"""What a setting would have changed: the last months of this very site run again under another value.

Nothing is simulated here and nobody's behaviour is guessed. `charters` holds the charter as it was and as
it is tried; a family of replays for each kind of parameter (`families`) reads what happened, runs the
rules on it under both, and returns a `report`: figures and codes, no sentence and no name. Each replay
also says how far its run under the charter as it was comes to what the books say, what it takes for
granted, and what it cannot know. `wording` and `drawing` put a report into words and pictures.
"""
