from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings
from tests.webhooks.receiver import Receiver, a_receiver


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program of somebody's, in a network that the operator has listed."""
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    with a_receiver() as made:
        yield made
