"""Reading a requester's file of rows: CSV, TSV or JSONL, as a stream, naming every row that is bad."""
