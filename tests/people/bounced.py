"""Reports that mail servers send of mails that did not arrive, in the shapes that they really have."""

from canut.people.notices.tags import message_id, return_address

POSTFIX = """\
Return-Path: <>
Delivered-To: {to}
Received: by mx.example.net (Postfix) id 4Vxyz; Fri, 20 Nov 2026 12:00:01 +0000 (UTC)
Date: Fri, 20 Nov 2026 12:00:01 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Vxyz.1763640001/mx.example.net"
Message-Id: <20261120120001.4Vxyz@mx.example.net>

This is a MIME-encapsulated message.

--4Vxyz.1763640001/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

<one@example.org>: host mail.example.org[192.0.2.25] said: {diagnostic} (in reply to
    RCPT TO command)

--4Vxyz.1763640001/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Vxyz
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Fri, 20 Nov 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; one@example.org
Original-Recipient: rfc822;one@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {diagnostic}

--4Vxyz.1763640001/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
From: Canut <canut@site.example>
To: one@example.org
Subject: Your work was approved
Message-ID: {message_id}

--4Vxyz.1763640001/mx.example.net--
"""

EXCHANGE = """\
From: <postmaster@example.onmicrosoft.com>
To: <{to}>
Date: Fri, 20 Nov 2026 12:00:03 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="aaa5f4e1-7a3b-4f5e-9d0a-example"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
Message-ID: <aaa5f4e1@AM0PR02MB0001.eurprd02.prod.outlook.com>
In-Reply-To: {message_id}
References: {message_id}
Subject: Undeliverable: Your work was approved
Auto-Submitted: auto-replied
MIME-Version: 1.0

--aaa5f4e1-7a3b-4f5e-9d0a-example
Content-Type: multipart/alternative; differences=Content-Type; boundary="bbb"

--bbb
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to one@example.org couldn't be delivered.

--bbb
Content-Type: text/html; charset="us-ascii"

<html><body><p>Your message couldn't be delivered.</p></body></html>

--bbb--

--aaa5f4e1-7a3b-4f5e-9d0a-example
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR02MB0001.eurprd02.prod.outlook.com
Received-From-MTA: dns;mx.example.net
Arrival-Date: Fri, 20 Nov 2026 12:00:02 +0000

Final-Recipient: rfc822;one@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{diagnostic}

--aaa5f4e1-7a3b-4f5e-9d0a-example
Content-Type: message/rfc822

Received: from mx.example.net by AM0PR02MB0001.eurprd02.prod.outlook.com
From: Canut <canut@site.example>
To: one@example.org
Subject: Your work was approved
Message-ID: {message_id}
Content-Type: text/plain

Thank you.

--aaa5f4e1-7a3b-4f5e-9d0a-example--
"""

GMAIL = """\
Delivered-To: {to}
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: one@example.org
Message-ID: <67fe1234.050a0220.1abc.GMR@mx.google.com>
Date: Fri, 20 Nov 2026 04:00:04 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000abcdef"; report-type=delivery-status

--000000000000abcdef
Content-Type: multipart/related; boundary="000000000000abcdf0"

--000000000000abcdf0
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--000000000000abcdf0
Content-Type: image/png; name="icon.png"
Content-Disposition: attachment; filename="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=

--000000000000abcdf0--
--000000000000abcdef
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Fri, 20 Nov 2026 04:00:03 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; one@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}
Last-Attempt-Date: Fri, 20 Nov 2026 04:00:04 -0800 (PST)

--000000000000abcdef
Content-Type: message/rfc822

MIME-Version: 1.0
From: Canut <canut@site.example>
Message-ID: {message_id}
To: one@example.org
Subject: Your work was approved

Thank you.

--000000000000abcdef--
"""

AWAY = """\
From: one@example.org
To: {to}
Subject: Automatic reply: Your work was approved
In-Reply-To: {message_id}
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

I am away until Monday. 5.1.1 is my favourite number.
"""

MANY_PARTS = "From: x\nTo: {to}\nContent-Type: multipart/report; boundary=b0\n\n" + "".join(
    f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(3_000)
)


def report(
    shape: str,
    letter_id: int,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 No such user here",
    to: str = "",
    sent_as: str = "",
) -> bytes:
    """Return a report of this shape about a letter; `to` and `sent_as` replace the signs of ours."""
    said = {"action": action, "status": status, "diagnostic": diagnostic}
    signs = {"to": to or return_address(letter_id), "message_id": sent_as or message_id(letter_id)}
    return shape.format(**said, **signs).encode()
