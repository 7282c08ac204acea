import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from canut.cli import environment


def test_a_database_url_says_all_there_is_to_say():
    said = environment.database("postgresql://ada:p%40ss@db.example.org:6543/work?sslmode=require")
    assert (said["USER"], said["PASSWORD"], said["HOST"], said["PORT"]) == (
        "ada",
        "p@ss",
        "db.example.org",
        "6543",
    )
    assert said["NAME"] == "work"
    assert said["OPTIONS"]["sslmode"] == "require"
    assert said["CONN_MAX_AGE"] is None


def test_a_socket_folder_is_a_host():
    said = environment.database("postgresql://canut@/canut?host=%2Ftmp%2Fit%27s")
    assert (said["HOST"], said["PORT"]) == ("/tmp/it's", "")
    assert "host" not in said["OPTIONS"]


@pytest.mark.parametrize("url", ["sqlite:///x", "mysql://a@b/c", "canut"])
def test_any_other_database_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        environment.database(url)


def test_mail_goes_into_files_unless_a_server_is_named():
    assert environment.mail(None).backend.endswith("filebased.EmailBackend")
    mail = environment.mail("smtp://ada:s%3Acret@mail.example.org")
    assert (mail.host, mail.port, mail.user, mail.password) == ("mail.example.org", 587, "ada", "s:cret")
    assert (mail.starts_tls, mail.is_tls) == (True, False)
    assert environment.mail("smtps://mail.example.org").port == 465
    with pytest.raises(ImproperlyConfigured, match="smtp://user:password@"):
        environment.mail("http://mail.example.org")


def test_processes_that_start_at_once_agree_on_one_secret_key(tmp_path, monkeypatch):
    monkeypatch.delenv("CANUT_SECRET_KEY", raising=False)
    keys: list[str] = []
    readers = [
        threading.Thread(target=lambda: keys.append(environment.secret_key(tmp_path, "production")))
        for _number in range(8)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) > 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_unknown_mode_is_refused(monkeypatch):
    monkeypatch.setenv("CANUT_MODE", "staging")
    with pytest.raises(ImproperlyConfigured, match="production, demo, test"):
        environment.mode()
