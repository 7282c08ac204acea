"""Every job of the site: importing this module maps each name that `later` may use to its function."""

from canut.jobs import mail as mail
