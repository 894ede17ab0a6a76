/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy_header.h - reads the header that dtlsproxy puts before a device's message
 *
 * For a server behind `dtlsproxy --backend-header`.  Everything is in this file: no library is
 * linked, nothing is allocated, C and C++ compilers take it.  A server needs three lines more than
 * without a proxy:
 *
 *	n = recvfrom(fd, buf, sizeof(buf), 0, &proxy, &proxy_len);
 *	if (ds_proxy_parse(&h, DS_PROXY_V2, buf, n) != DS_PROXY_OK)
 *		continue;
 *	... h.payload is the message; h.source is where the device is ...
 *	ds_proxy_send(fd, &proxy, proxy_len, h.bytes, h.size, answer, answer_size);
 *
 * An answer carries the header of a message of the device, unchanged.  To speak first to a device
 * later, keep those h.size bytes and the proxy's address, best under the device's identity, and
 * replace them with each message.  The proxy drops and counts an answer whose session is gone.
 *
 * The formats: PROXY protocol version 2 (haproxy.org, proxy-protocol.txt, 2.2), whose header stands
 * before each datagram, and Cloudflare's Simple Proxy Protocol for UDP.  Which of them is spoken is
 * a matter of configuration and never guessed (proxy-protocol.txt, 5): whoever may send to the
 * server's socket could invent a header, so the socket must be one that only the proxy reaches.
 *
 * Threads:  values only, nothing shared.
 */
#ifndef DTLSSHIM_PROXY_HEADER_H
#define DTLSSHIM_PROXY_HEADER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* No header of the proxy is longer. */
#define DS_PROXY_HEADER_MAX 512
#define DS_PROXY_SPP_SIZE   38

enum ds_proxy_format {
	DS_PROXY_V2, /* --backend-header proxy-v2 */
	DS_PROXY_SPP /* --backend-header spp */
};

/* Values in a version 2 header.  The last three are the proxy's own (proxy-protocol.txt, 2.2.8). */
enum ds_proxy_type {
	DS_PROXY_UNIQUE_ID = 0x05,   /* which session: opaque bytes */
	DS_PROXY_SSL = 0x20,	     /* see ds_proxy_ssl() */
	DS_PROXY_SSL_VERSION = 0x21, /* in DS_PROXY_SSL: "DTLSv1.2" */
	DS_PROXY_SSL_CIPHER = 0x23,  /* in DS_PROXY_SSL: the suite's IANA name */
	DS_PROXY_IDENTITY = 0xe0,    /* the identity of a pre-shared key: any bytes */
	DS_PROXY_SUBJECT = 0xe1,     /* the subject of a verified certificate, as text */
	DS_PROXY_CID = 0xe2	     /* the Connection ID in the device's records */
};

/* What was wrong with a datagram: nothing; it does not begin with a header; it ends within one; its
 * header says what no header can say. */
enum ds_proxy_error {
	DS_PROXY_OK = 0,
	DS_PROXY_E_NONE = -1,
	DS_PROXY_E_SHORT = -2,
	DS_PROXY_E_FORMAT = -3
};

/* One value of a header; not terminated. */
struct ds_proxy_value {
	unsigned type;
	const uint8_t *data;
	size_t size;
};

/**
 * struct ds_proxy_header - a header, taken apart; everything points into the datagram
 * @bytes, @size:	the header itself, which an answer begins with
 * @family:		4, 6, or 0: the header has no addresses
 * @source:		where the device is now: 4 or 16 bytes, or NULL; @source_port in host order
 * @destination:	where it reached the proxy, in the same way; zeros if the proxy cannot say
 * @values, @values_size: version 2: what ds_proxy_next() walks
 * @local:		version 2: the proxy speaks for itself (a health check): no device's message
 * @payload, @payload_size: the message
 */
struct ds_proxy_header {
	const uint8_t *bytes, *source, *destination, *values, *payload;
	size_t size, values_size, payload_size;
	uint16_t source_port, destination_port;
	uint8_t family, local;
};

static inline uint16_t ds_proxy_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/**
 * ds_proxy_next() - take the next value
 * @rest, @left:	what is left: ->values and ->values_size at first, or those of
 *			ds_proxy_ssl(); advanced
 * @out:		the value
 *
 * Return: 1; 0 when there are no more, or what is left is no value
 */
static inline int ds_proxy_next(const uint8_t **rest, size_t *left, struct ds_proxy_value *out)
{
	size_t size;

	if (*left < 3)
		return 0;
	size = ds_proxy_get16(*rest + 1);
	if (size > *left - 3)
		return 0;
	out->type = (*rest)[0];
	out->data = *rest + 3;
	out->size = size;
	*rest += 3 + size;
	*left -= 3 + size;
	return 1;
}

/* Finds the first value of @type in a header, or, with those of ds_proxy_ssl(), in its part on TLS.
 * Return: 1, or 0 if there is none */
static inline int ds_proxy_find_in(const uint8_t *rest, size_t left, unsigned type,
				   struct ds_proxy_value *out)
{
	while (ds_proxy_next(&rest, &left, out))
		if (out->type == type)
			return 1;
	memset(out, 0, sizeof(*out));
	return 0;
}

static inline int ds_proxy_find(const struct ds_proxy_header *h, unsigned type,
				struct ds_proxy_value *out)
{
	return ds_proxy_find_in(h->values, h->values_size, type, out);
}

/**
 * ds_proxy_ssl() - the part of a header on the device's DTLS
 * @out:	->type: 1 if a certificate of the device was verified, 0 if not; ->data and ->size:
 *		the values in it, for ds_proxy_find_in()
 *
 * Return: 1, or 0 if there is none
 */
static inline int ds_proxy_ssl(const struct ds_proxy_header *h, struct ds_proxy_value *out)
{
	if (!ds_proxy_find(h, DS_PROXY_SSL, out) || out->size < 5)
		return 0;
	out->type = (out->data[0] & 2) && !memcmp(out->data + 1, "\0\0\0\0", 4);
	out->data += 5;
	out->size -= 5;
	return 1;
}

/* Takes a datagram with a version 2 header apart.  For ds_proxy_parse(). */
static inline int ds_proxy_parse_v2(struct ds_proxy_header *h, const uint8_t *d, size_t n)
{
	static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
	struct ds_proxy_value value;
	const uint8_t *rest;
	size_t length, ip = 0, left;

	if (n < 12 || memcmp(d, signature, 12))
		return DS_PROXY_E_NONE;
	if (n < 16)
		return DS_PROXY_E_SHORT;
	length = ds_proxy_get16(d + 14);
	if (length > n - 16)
		return DS_PROXY_E_SHORT;
	if (d[12] != 0x20 && d[12] != 0x21)
		return DS_PROXY_E_FORMAT;
	h->local = d[12] == 0x20;
	if (d[13] == 0x12)
		ip = 4;
	else if (d[13] == 0x22)
		ip = 16;
	else if (d[13] != 0x00 && !h->local)
		return DS_PROXY_E_FORMAT;
	if (ip && length < 2 * ip + 4)
		return DS_PROXY_E_FORMAT;
	h->bytes = d;
	h->size = 16 + length;
	h->payload = d + h->size;
	h->payload_size = n - h->size;
	/* Of another kind than a datagram's, as a health check may be: all of it is skipped */
	if (d[13] != 0x00 && !ip)
		return DS_PROXY_OK;
	if (ip) {
		h->family = ip == 4 ? 4 : 6;
		h->source = d + 16;
		h->destination = d + 16 + ip;
		h->source_port = ds_proxy_get16(d + 16 + 2 * ip);
		h->destination_port = ds_proxy_get16(d + 16 + 2 * ip + 2);
		ip = 2 * ip + 4;
	}
	h->values = d + 16 + ip;
	h->values_size = length - ip;
	rest = h->values;
	left = h->values_size;
	while (ds_proxy_next(&rest, &left, &value))
		;
	return left ? DS_PROXY_E_FORMAT : DS_PROXY_OK;
}

/* Takes a datagram with a Simple Proxy Protocol header apart.  For ds_proxy_parse(). */
static inline int ds_proxy_parse_spp(struct ds_proxy_header *h, const uint8_t *d, size_t n)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	if (n < 2 || d[0] != 0x56 || d[1] != 0xec)
		return DS_PROXY_E_NONE;
	if (n < DS_PROXY_SPP_SIZE)
		return DS_PROXY_E_SHORT;
	h->bytes = d;
	h->size = DS_PROXY_SPP_SIZE;
	h->family = 6;
	h->source = d + 2;
	h->destination = d + 18;
	if (!memcmp(h->source, mapped, sizeof(mapped))) { /* RFC 4291, 2.5.5.2 */
		h->family = 4;
		h->source += 12;
		h->destination += 12;
	}
	h->source_port = ds_proxy_get16(d + 34);
	h->destination_port = ds_proxy_get16(d + 36);
	h->payload = d + DS_PROXY_SPP_SIZE;
	h->payload_size = n - DS_PROXY_SPP_SIZE;
	return DS_PROXY_OK;
}

/**
 * ds_proxy_parse() - take a datagram of the proxy apart
 * @h:		out: points into @datagram; zeros on errors
 * @format:	what the proxy was told to write
 *
 * All that a header says about lengths is checked here.  Version 2's checksum is not verified (the
 * proxy sends none; UDP has its own).
 *
 * Return: DS_PROXY_OK; other values are errors: drop the datagram
 */
static inline int ds_proxy_parse(struct ds_proxy_header *h, enum ds_proxy_format format,
				 const void *datagram, size_t n)
{
	const uint8_t *d = (const uint8_t *)datagram;
	int error;

	memset(h, 0, sizeof(*h));
	error = format == DS_PROXY_V2 ? ds_proxy_parse_v2(h, d, n) : ds_proxy_parse_spp(h, d, n);
	if (error != DS_PROXY_OK)
		memset(h, 0, sizeof(*h));
	return error;
}

/**
 * ds_proxy_send() - sendmsg(2) of a header and what follows it
 * @to, @to_len:	where to, NULL and 0 on a connected socket
 *
 * Return: as sendmsg(2), the header's bytes counted
 */
static inline ssize_t ds_proxy_send(int fd, const struct sockaddr *to, socklen_t to_len,
				    const void *header, size_t header_size, const void *data,
				    size_t size)
{
	struct iovec iov[2];
	struct msghdr msg;

	memset(&msg, 0, sizeof(msg));
	iov[0].iov_base = (void *)(uintptr_t)header;
	iov[0].iov_len = header_size;
	iov[1].iov_base = (void *)(uintptr_t)data;
	iov[1].iov_len = size;
	msg.msg_name = (void *)(uintptr_t)to;
	msg.msg_namelen = to_len;
	msg.msg_iov = iov;
	msg.msg_iovlen = 2;
	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

#endif
