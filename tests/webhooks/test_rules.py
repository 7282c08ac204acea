"""Signing as the standard says, waiting longer each time, and where nothing is sent."""

import base64
from datetime import timedelta
from ipaddress import ip_network
from itertools import accumulate

import pytest

from canut.webhooks.rules import AGAIN_AFTER_SECONDS, again_after, may_be_told, signature, written_secret
from canut.webhooks.sending import signed_headers
from canut_client.webhooks import NotFromCanut, verified

SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
BODY = '{"test": 2432232314}'
UID, MOMENT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    assert written_secret(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature(SECRET, uid=UID, timestamp=MOMENT, body=BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_client_takes_what_was_signed_and_nothing_else() -> None:
    headers = signed_headers([b"new", b"old"], uid=UID, timestamp=MOMENT, body=BODY)
    for secret in (b"new", b"old"):  # while a program changes over
        assert verified(BODY, headers, written_secret(secret), now=MOMENT + 299)["test"] == 2432232314
    shouted = {name.upper(): value for name, value in headers.items()}
    assert verified(BODY.encode(), shouted, written_secret(b"new"), now=MOMENT)
    wrong = {
        "another secret": (BODY, headers, written_secret(b"other"), MOMENT),
        "another body": (BODY + " ", headers, written_secret(b"new"), MOMENT),
        "another id": (BODY, headers | {"webhook-id": "msg_other"}, written_secret(b"new"), MOMENT),
        "too old": (BODY, headers, written_secret(b"new"), MOMENT + 301),
        "too early": (BODY, headers, written_secret(b"new"), MOMENT - 301),
        "no moment": (BODY, headers | {"webhook-timestamp": "١"}, written_secret(b"new"), MOMENT),
        "no signature": (BODY, {"webhook-id": UID, "webhook-timestamp": str(MOMENT)}, "whsec_bmV3", MOMENT),
        "nonsense": (BODY, headers | {"webhook-signature": "v1,é v9,x ,"}, written_secret(b"new"), MOMENT),
        "no secret": (BODY, headers, "not a secret", MOMENT),
    }
    for why, (body, given, secret, now) in wrong.items():
        with pytest.raises(NotFromCanut):
            pytest.fail(f"{why}: {verified(body, given, secret, now=now)}")


def test_each_wait_is_longer_and_together_they_are_three_days() -> None:
    waits = [again_after(attempts) for attempts in range(1, len(AGAIN_AFTER_SECONDS) + 1)]
    assert all(one is not None for one in waits)
    assert list(AGAIN_AFTER_SECONDS) == sorted(AGAIN_AFTER_SECONDS)
    assert timedelta(days=3) <= timedelta(seconds=list(accumulate(AGAIN_AFTER_SECONDS))[-1])
    assert again_after(len(AGAIN_AFTER_SECONDS) + 1) is None


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://hooks.example.org/canut?a=b", True),
        ("https://hooks.example.org:8443/", True),
        ("http://hooks.example.org/", False),
        ("https://localhost/", False),
        ("https://127.0.0.1/", False),
        ("https://127.1/", False),
        ("https://0x7f.1/", False),
        ("https://2130706433/", False),
        ("https://[::1]/", False),
        ("https://93.184.215.14/", False),
        ("https://user:word@hooks.example.org/", False),
        ("https://hooks.example.org/#part", False),
        ("https://hooks.example.org:0/", False),
        ("https://hooks.example.org:99999/", False),
        ("https://hooks.example.org/a b", False),
        ("https://hooks.exämple.org/", False),
        ("https://[half", False),
        ("file:///etc/passwd", False),
        ("", False),
        ("\0", False),
        ("http://10.1.2.3:8000/hook", True),
        ("https://10.1.2.3/hook", True),
        ("http://10.1.3.3/hook", False),
    ],
)
def test_messages_go_to_names_on_the_internet_and_into_listed_networks(url: str, may: bool) -> None:
    assert may_be_told(url, allowed=[ip_network("10.1.2.0/24"), ip_network("fd00::/8")]) is may
