"""Mails leave here, after the commit of what they tell about."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from canut.kernel import clock
from canut.people.usecases.send_mail import send_mail as send

# A mail server that is away is tried again after 2, 4, 8 seconds and so on, for some nine hours.
TRY_AGAIN = RetryStrategy(max_attempts=14, wait=0, exponential_wait=2)


@app.task(name="people.send_mail", queue="mail", retry=TRY_AGAIN)
def send_mail(to: str, subject: str, text: str) -> None:
    """Send one mail. A second try after a crash may send it twice, which harms nobody."""
    send(to=to, subject=subject, text=text, at=clock.now())
