"""Reading proposals, for pages, programs and the rooms beside this one."""
