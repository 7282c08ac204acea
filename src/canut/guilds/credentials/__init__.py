"""A level in a guild as a credential that its member owns: Open Badges 3.0, signed, revocable.

The plain modules know no database: `statements` says what is claimed, `proofs` signs and checks,
`images` bakes, `reading` takes whatever a stranger drops on us, `verifying` says yes or why not.
"""
