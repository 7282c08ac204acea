"""A mail server on this machine: it takes mails by SMTP, keeps them, and says no as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class Taken:
    """One mail: the envelope's sender and recipient, and all that stood between them."""

    sender: str
    to: str
    said: bytes


@dataclass
class MailServer:
    """`answers` has what it says to a command, such as {"RCPT": "550 5.1.1 No such user"}, else yes."""

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    """Have a mail server for the length of a block."""

    class Handler(StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            sender = to = ""
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                answer = server.answers.get(word, "250 yes")
                if word == "MAIL":
                    sender = line.partition("<")[2].partition(">")[0]
                elif word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                elif word == "DATA" and answer == "250 yes":
                    self.say("354 go on")
                    said = b"".join(iter(self.rfile.readline, b".\r\n"))
                    answer = server.answers.get("END", "250 yes")
                    if answer == "250 yes":
                        server.taken.append(Taken(sender, to, said))
                self.say(answer)
                if word == "QUIT":
                    return

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        server = MailServer(running.server_address[1])
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        running.shutdown()
