"""What is hidden for a while, or until further notice: a task, a project, a post, a name, a picture.

Who may hide a thing and why, rooms above know. Rooms between ask `is_hidden`, and their SQL reads
`discussion_hidden_v`.
"""
