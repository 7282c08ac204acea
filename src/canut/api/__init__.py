"""The REST door: what programs ask and are answered under `/api/v1/`.

`doors` holds the addresses, a file a subject, each of which makes one call into a room; `shapes` what
goes in and out. Errors are problem documents (`problems`), lists come in pages (`pages`), and a POST
that carries an `Idempotency-Key` is done once (`replays`). `reference` writes all of it down.
"""
