# SPDX-License-Identifier: Apache-2.0
"""B-21 .. B-37: handshake headers, fragments, order of a handshake."""

from .. import messages as m
from .. import record as rec
from .case import EVERY, FLIGHT, HELD, KEYED, SPOILS, add, case, plain, valid


def expected(client):
    """(type, message_seq, body) of the message the server would take next, in clear."""
    if client.state == "hello_done":
        return m.CLIENT_KEY_EXCHANGE, client.next_msg, \
            m.vector(2, client.psk[0] if client.psk else b"x" * 64)
    if client.state == "keyed":
        return m.FINISHED, client.next_msg - 1, bytes(12)
    body = client.hello.encode(client.cookie or b"")
    return m.CLIENT_HELLO, 1 if client.state == "hvr" else 0, body


def piece(client, type_, length, seq, offset, data, fragment_length=None):
    """One record with one fragment; every field free."""
    size = len(data) if fragment_length is None else fragment_length
    return plain(client, rec.HANDSHAKE, m.header(type_, length, seq, offset, size) + data)


def fragment_case(name, variant, states=EVERY, harm=SPOILS):
    """Register make(client, type, seq, body) with the expected message of the state."""
    def register(make):
        add(name, variant, lambda c: make(c, *expected(c)), states, harm)
        return make
    return register


add("B-21", "11 bytes", lambda c: [plain(c, rec.HANDSHAKE, m.header(*_head(c))[:11])],
    harm=SPOILS)


def _head(client):
    type_, seq, body = expected(client)
    return type_, len(body), seq


@fragment_case("B-22", "length 0xffffff")
def _huge(c, type_, seq, body):
    return [piece(c, type_, 0xFFFFFF, seq, 0, body[:1])]


@fragment_case("B-22", "ten messages of length 0xffffff")
def _huge_ten(c, type_, seq, body):
    return [piece(c, type_, 0xFFFFFF, seq + i, 0, body[:1]) for i in range(10)]


@fragment_case("B-23", "offset and length beyond the message")
def _beyond(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, len(body) - 1, body),
            piece(c, type_, 1, seq, 0xFFFFFF, b"x")]


@fragment_case("B-23", "fragment length beyond the record")
def _beyond_record(c, type_, seq, body):
    return [piece(c, type_, len(body) + 50, seq, 0, body, len(body) + 50)]


@fragment_case("B-24", "empty fragment in the middle")
def _empty(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, 5, b""), piece(c, type_, 0, seq, 5, b"")]


@fragment_case("B-25", "two lengths of one message")
def _two_lengths(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, 0, body[:5]),
            piece(c, type_, len(body) + 9, seq, 5, body[5:]),
            piece(c, type_, 6, seq, 5, b"x")]


@fragment_case("B-26", "one message, overlapping numbers")
def _two_numbers(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, 0, body[:9]),
            piece(c, type_, len(body), seq + 1, 5, body[5:])]


@fragment_case("B-27", "two types of one number")
def _two_types(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, 0, body[:5]),
            piece(c, m.CERTIFICATE, len(body), seq, 5, body[5:])]


@fragment_case("B-28", "overlap with other bytes")
def _overlap(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, 0, body[:9]),
            piece(c, type_, len(body), seq, 3, b"\xff" * len(body[3:]))]


@fragment_case("B-29", "pieces of one byte")
def _one_byte(c, type_, seq, body):
    return [piece(c, type_, len(body), seq, i, body[i:i + 1]) for i in range(len(body))]


@fragment_case("B-30", "1000 messages of the future")
def _future(c, type_, seq, body):
    numbers = list(range(seq + 1, seq + 990)) + [255, 256, 32767, 65534, 65535]
    return [piece(c, type_, len(body), n & 0xFFFF, 0, body) for n in numbers]


@fragment_case("B-30", "1000 pieces of future messages")
def _future_pieces(c, type_, seq, _body):
    return [piece(c, type_, 6000, (seq + 1 + i) & 0xFFFF, 0, b"x" * 40) for i in range(1000)]


@fragment_case("B-31", "a true piece, the rest with the repetition", harm="ignored")
def _true_piece(c, type_, seq, body):
    if c.state == "keyed":
        return []
    return [piece(c, type_, len(body), seq, 0, body[:7])]


add("B-32", "ChangeCipherSpec first", lambda c: [plain(c, rec.CCS, b"\1")], harm=SPOILS)
add("B-32", "ChangeCipherSpec in epoch 1", lambda c: [plain(c, rec.CCS, b"\1", epoch=1)])
add("B-33", "ChangeCipherSpec with data behind", lambda c: [plain(c, rec.CCS, b"\1" + b"x" * 30)],
    harm=SPOILS)
add("B-33", "ChangeCipherSpec with a message behind",
    lambda c: [plain(c, rec.CCS, b"\1" + m.header(m.FINISHED, 12, 3) + bytes(12))], harm=SPOILS)
add("B-34", "ChangeCipherSpec twice", lambda c: [plain(c, rec.CCS, b"\1") for _ in "ab"],
    harm=SPOILS)
add("B-34", "Finished in epoch 0",
    lambda c: [piece(c, m.FINISHED, 12, c.next_msg, 0, bytes(12))], harm=SPOILS)
add("B-34", "Finished in epoch 1, in clear",
    lambda c: [plain(c, rec.HANDSHAKE, m.header(m.FINISHED, 12, 3) + bytes(12), epoch=1)])


@case("B-34", "Finished before ChangeCipherSpec", states=(FLIGHT,))
def _finished_first(client):
    """The whole flight in the wrong order: its repetition must complete the handshake."""
    records = client.encode(client.make_flight3_kept())
    client.state = "keyed"
    return records[:-2] + [records[-1], records[-2]]


@case("B-34", "a wrong Finished, then the right one", states=(FLIGHT,), harm=SPOILS)
def _wrong_finished(client):
    flight = client.make_flight3_kept()
    message = flight[-1].body
    wrong = flight[-1]._replace(body=message._replace(body=bytes(12)))
    records = client.encode(flight[:-1] + [wrong])
    client.state = "keyed"
    return records


add("B-35", "the next message in epoch 1 or 3, in clear",
    lambda c: [plain(c, rec.HANDSHAKE, m.Message(*expected(c)).encode(), epoch=e) for e in (1, 3)])


@case("B-36", "application data before Finished", states=(KEYED,), delivers=(HELD,))
def _early_data(client):
    return [valid(client)]


@case("B-36", "many application records before Finished", states=(KEYED,), delivers=(HELD,) * 500)
def _much_early_data(client):
    return [valid(client) for _ in range(500)]


add("B-36", "application data in clear", lambda c: [plain(c, rec.APPLICATION, b"in clear")],
    harm=SPOILS)
add("B-36", "application data in clear, epoch 1",
    lambda c: [plain(c, rec.APPLICATION, b"in clear", epoch=1)])


@case("B-36", "junk between ChangeCipherSpec and Finished", states=(KEYED,))
def _junk_before_finished(client):
    """100 records that do not authenticate, with the CID the server gave us when there is one."""
    type_ = rec.CID if client.server_cid else rec.HANDSHAKE
    return [rec.head(type_, 1, i, client.server_cid, 40) + b"\x5a" * 40 for i in range(100)]


def _key_exchange(client, body, length=None):
    return [piece(client, m.CLIENT_KEY_EXCHANGE, len(body) if length is None else length,
                  client.next_msg, 0, body)]


add("B-37", "identity longer than the message",
    lambda c: _key_exchange(c, b"\x40\0Kalle"), states=(FLIGHT,), harm=SPOILS)
add("B-37", "message shorter than the identity",
    lambda c: _key_exchange(c, b"\0\5Kalle", 17), states=(FLIGHT,), harm=SPOILS)
add("B-37", "message length 16777198",
    lambda c: _key_exchange(c, b"\0\5Kalle", 16777198), states=(FLIGHT,), harm=SPOILS)
add("B-37", "empty message", lambda c: _key_exchange(c, b""), states=(FLIGHT,), harm=SPOILS)
add("B-37", "empty identity", lambda c: _key_exchange(c, b"\0\0"), states=(FLIGHT,), harm=SPOILS)
add("B-37", "identity of 5000 bytes", lambda c: _key_exchange(c, m.vector(2, b"K" * 5000)),
    states=(FLIGHT,), harm=SPOILS)
add("B-37", "identity with NUL, newline and quotes",
    lambda c: _key_exchange(c, m.vector(2, b"Kalle\0\n\"';$(x)\x1b[31m")), states=(FLIGHT,),
    harm=SPOILS)
