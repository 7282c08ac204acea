"""`python -m canut.cli` is the `canut` command, for where no script was installed."""

from canut.cli.main import main

main()
