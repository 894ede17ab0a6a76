# SPDX-License-Identifier: Apache-2.0
"""What scripts/mutate removes, and the tests that must notice.

A defence is a text that stands exactly once in its file, and what takes its place.  A test is a
program of the build ("unit/test_x", "sim/test_x") or arguments of pytest ("FILE [-k EXPRESSION]").
"""
from collections import namedtuple

Defence = namedtuple("Defence", "name file text without tests")
DEFENCES = []

I = "tests/integration/"
CLOSED = (I + "test_fail_closed.py", I + "test_evil.py")
SHARED = (I + "test_shared_before_bind.py", I + "test_family.py", I + "test_processes.py")
CALLS = (I + "test_socket_calls.py", I + "test_differences.py", I + "test_hooks.py")
SIMS = ("sim/test_sessions", "sim/test_addresses", "sim/test_hostile", "sim/test_handshakes",
        "sim/test_limits", "sim/test_restart", "sim/test_fairness", "sim/test_client")
STATE = ("unit/test_host_state", I + "test_state.py")


def defence(name, file, text, without, *tests):
    DEFENCES.append(Defence(name, file, text, without, tests))


# core: cookies
C = "core/cookie.c"
defence("cookie-check", C, "hello->complete ? DS_COOKIE_LEN : HALF) ==\n\t       0;",
        "hello->complete ? DS_COOKIE_LEN : HALF) >=\n\t       -4096;", "unit/test_cookie")
defence("cookie-address", C, "{(const uint8_t *)addr, hello->params[0], head, hello->params[1]}",
        "{(const uint8_t *)\"0123456789012345678901234567890123456789\", hello->params[0], head, "
        "hello->params[1]}", "unit/test_cookie")
defence("cookie-rotation", C, "if (passed == 0)", "if (passed < 1000)", "unit/test_cookie")
defence("cookie-both-secrets", C, "if (rc == 0 && passed > 1)", "if (0)", "unit/test_cookie")
defence("cookie-parameters", C, "!mac(md, 't', parts + 2, lens + 2, tail)",
        "!mac(md, 't', parts, lens, tail)", "unit/test_cookie")

# core: replay and addresses
defence("replay-window", "core/replay.c",
        "return age < DS_REPLAY_WINDOW && (w->seen >> age & 1) == 0;",
        "return age < DS_REPLAY_WINDOW;", "unit/test_replay")
defence("replay-too-old", "core/replay.c", "return age < DS_REPLAY_WINDOW &&",
        "return age >= DS_REPLAY_WINDOW ||", "unit/test_replay")
defence("replay-top", "core/replay.c", "w->top = seq + 1;", "w->top = seq;", "unit/test_replay")
defence("replay-asked", "core/engine_input.c",
        "bool again = !ds_replay_check(&s->rx, ds_record_seq(r));", "bool again = false;", *SIMS[:3])
R = "core/rebind.c"
defence("rebind-newest", R, "return newer && (s->flags", "return (s->flags", "unit/test_rebind")
# A second line: no record without CID gets this far from elsewhere.
defence("rebind-needs-cid", R, "return newer && (s->flags & DS_SLOT_RX_CID) &&",
        "return newer &&", "unit/test_rebind")
defence("rebind-never", R, " &&\n\t       cfg->rebind != DS_REBIND_NEVER;", ";", "unit/test_rebind")
defence("rebind-budget", R, "if (s->sent + bytes > (uint64_t)DS_REBIND_FACTOR * s->got)",
        "if (0)", "unit/test_rebind")
defence("rebind-proof", R, "if (newer && s->proof < DS_REBIND_PROOF)",
        "if (s->proof < DS_REBIND_PROOF)", "unit/test_rebind")
defence("rebind-hold", R, "? second - there->seen_at > DS_REBIND_HOLD", "? true", *SIMS[:3])

# core: plaintext beside DTLS
P, CLEAR = "core/engine_plaintext.c", "sim/test_plaintext"
defence("plaintext-denied", P, "if (e->plaintext != DS_PLAINTEXT_ALLOW)\n\t\treturn DS_REASON_PLAINTEXT_DENIED;",
        "if (!e->table.migrated)\n\t\treturn DS_REASON_PLAINTEXT_DENIED;", CLEAR)
defence("plaintext-migrated", P, "return is_migrated(e, from) ?", "return 0 ?", CLEAR)
defence("plaintext-answers", P, "if (is_migrated(e, peer)) {", "if (0) {", CLEAR)
defence("plaintext-needs-memory", P, "if (migrated && e->cfg.role", "if (e->cfg.role", CLEAR)
defence("plaintext-line", P, "if (second < n->due ||", "if (", CLEAR)
defence("plaintext-longest", P, "if (in->len > DS_PAYLOAD_MAX)", "if (0)", CLEAR)
defence("plaintext-version", "core/record.c", "p[1] == VERSION_1_2 >> 8 && p[2] >= 0xfc", "true", CLEAR)
defence("plaintext-is-no-record", "core/record.c", "return len >= 3 && p[0] >= DS_CCS", "return 0 && p[0] >= DS_CCS", CLEAR)
defence("plaintext-server", "core/engine_input.c", "else if (e->cfg.role == DS_SERVER && !ds_record", "else if (!ds_record", CLEAR)
defence("clear-answers-first", P, "if (!p || !hold)", "if (1)", CLEAR)
defence("clear-answers-before-moves", "core/engine_path.c", "!ds_engine_vacated(e, s, from, second);", "!ds_table_vacated(&e->table, s, from, second);", CLEAR)
defence("clear-idle", "core/clear.c", "now < p->seen + c->cfg->idle", "true", CLEAR)
defence("clear-oldest-first", "core/clear.c", "TAILQ_INSERT_TAIL(&c->order", "TAILQ_INSERT_HEAD(&c->order", CLEAR)
defence("migrated-session", "core/session.c", "s->scope = ns->path.remote.scope;\n\tds_table_note(t, s);",
        "s->scope = ns->path.remote.scope;", CLEAR)
defence("migrated-move", P, "if (e->table.migrated)\n\t\tds_migrated_note", "if (0)\n\t\tds_migrated_note", CLEAR)
defence("migrated-restored", "core/engine_store.c", "ds_table_note(&e->table, s);", "", CLEAR)

# core: the return routability check
P, RRC = "core/engine_path.c", "sim/test_rrc"
defence("rrc-cookie", P, "!ds_check_knows(c, message + 1)", "0", RRC)
defence("rrc-whose-answer", P, "} else if (!ds_slot_is_remote(s, &a->path->remote)) {", "} else if (0) {", RRC)
defence("rrc-drop-is-no-proof", P, " || (drop && c->stage == DS_CHECK_NEW)", "", RRC)
defence("rrc-agreed", P, "if (!s->more->rrc) {", "if (0) {", RRC)
defence("rrc-format", P, "o->len != MESSAGE || o->data[0] > PATH_DROP", "0", RRC)
defence("rrc-budget", P, "if (!ds_rebind_spend(s, ds_engine_record_size(s, MESSAGE))) {", "if (0) {", RRC)
defence("rrc-answer-budget", P, "? ds_rebind_spend(s, size)", "? true", RRC)
defence("rrc-fresh-cookies", "core/path_check.c", "c->tried = 0;", "", RRC)
defence("rrc-asked-again", P, "if (ds_check_may_try(c))", "if (0)", RRC)
defence("rrc-goes-back", P, "if (c->other.remote.family) {", "if (0) {", RRC)
defence("rrc-old-first", P, "proven && e->cfg.rrc == DS_RRC_ENHANCED &&", "0 &&", RRC)
defence("rrc-one-at-a-time", P, "return e->cfg.rrc == DS_RRC_ENHANCED;", "return false;", RRC)
defence("rrc-still-here", P, "if (c && c->stage == DS_CHECK_OLD)", "if (0)", RRC)
defence("rrc-records-are-no-proof", P, "newer_data && !asks,", "newer_data,", RRC)
defence("rrc-ends", "core/engine_session.c", "ds_check_end(&e->checks, &e->cfg, s);", ";", RRC)
defence("rrc-offered-only", "core/tls_hello.c", "type == DS_SERVER_HELLO && t->rrc_theirs", "type == DS_SERVER_HELLO", RRC)
defence("rrc-needs-cid", "core/hello.c", "&& e.cid && e.rrc_empty", "&& e.rrc_empty", "unit/test_hello")
defence("rrc-empty", "core/hello.c", "&& e.cid && e.rrc_empty", "&& e.cid && e.rrc", "unit/test_hello")
defence("rrc-encrypted", "core/record.c", "return ds_record_epoch(r) > 0;", "return true;", "unit/test_record_header")
defence("rrc-kept", "core/store.c", "ns->rrc = kind & HAS_RRC;", "", "sim/test_restart")
defence("rrc-filter", "shim/socket/filter.c", "BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 27, 2, 0),",
        "BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 24, 2, 0),", I + "test_rrc.py -k challenge_of_the_client")

# core: the end of certificates
T = "sim/test_certificates"
defence("certificate-end", "core/engine_expiry.c",
        "return cert && cert->ends_at ? cert->ends_at : UINT32_MAX;", "return UINT32_MAX;", T)
defence("certificate-end-kept", "core/store.c",
        "cert->ends_at ? (uint64_t)((int64_t)cert->ends_at + wall) : 0", "0", T)
defence("certificate-end-restored", "core/engine_store.c",
        "if (image->ns.cert.ends_at && image->ns.cert.ends_at <= ds_second_of(now))", "if (0)", T)

# core: denied peers
D = "sim/test_deny"
defence("deny-certificate", "core/tls.c", "if (depth == 0 && !*flags && is_denied(t, crt))", "if (0)", D)
defence("deny-identity", "core/engine_keys.c",
        "h->denied = ds_engine_denies_identity(e, h->job.identity, h->job.identity_len);",
        "h->denied = false;", D)
defence("deny-overtakes", "core/engine_handshake.c", "if (ds_engine_denies_new(e, &ns))", "if (0)", D)
defence("deny-sessions", "core/engine.c", "ds_engine_end_denied(e);", "", D)
defence("deny-restored", "core/engine_store.c", "if (ds_engine_denies_new(e, &image->ns))", "if (0)", D)
defence("deny-serial-kept", "core/store.c", "put_bytes(&p, cert->serial, DS_SERIAL_TAG);", "", D)

# core: revocation lists
defence("crl", "core/tls_config.c", "cfg->crl ? &c->crl : NULL", "NULL", I + "test_revocation.py")
defence("crl-reason", "core/certificate.c", "{MBEDTLS_X509_BADCERT_REVOKED, DS_REASON_CERTIFICATE_REVOKED},",
        "", I + "test_revocation.py")

# host: whom a client takes for the server
defence("client-name", "host/config_make.c", "if (o->ca && !o->server_name)", "if (0)",
        "unit/test_host_config")

# host: files that change
W = I + "test_reload.py"
defence("watch-proxy", "proxy/loop.c", "if (host_watch_changed(&all->watch, all->now) &&", "if (0 &&", W)
defence("watch-shim", "shim/socket/endpoint.c",
        "ds_engine_reload_like(ep->host.engine, base.of[ep->role].engine);", ";", W)

# proxy: backends and ports
BACKENDS, NAMES = I + "test_backends.py", I + "test_backend_names.py"
defence("backend-is-self", "proxy/backends.c", "\t\tif (self)\n", "\t\tif (0)\n", BACKENDS + " -k entry_that_is_wrong")
defence("backend-becomes-self", "proxy/backends.c", "if (proxy_bound_gets(b->bound, b->n_bound, addr)) {", "if (0) {", NAMES)
defence("backend-kept", "proxy/upstream.c",
        "if (has_one && !proxy_backend_rests(b, i, p->now))", "if (0)", BACKENDS)
defence("backend-left", "proxy/backends.c", "if (be->rests_until <= now)\n", "if (0)\n", BACKENDS)
defence("port-share", "proxy/main.c", "return limit / ports ? limit / ports : 1;", "return limit;",
        I + "test_several_ports.py -k flood")

# core: what comes in
E = "core/engine_input.c"
defence("take-over", "core/engine_path.c", "if (there && there != s && !ds_rebind_yields(&e->cfg, there, from, second))",
        "if (0)", *SIMS[:3])
defence("quiet-session", E, "if (!(s->flags & DS_SLOT_QUIET))\n\t\treturn true;",
        "if (1)\n\t\treturn true;", *SIMS[:3])
defence("nameless-unheard", E, "if (!(s->flags & DS_SLOT_VISIBLE))", "if (0)", *SIMS[:3])
defence("junk-budget", E, "if (!ds_engine_may_open(e, s, &a->path->remote, a->now))", "if (0)", *SIMS)
defence("failure-limit", E,
        "if (s->failures < UINT32_MAX && s->failures < ds_suite_find(s->suite)->failures)",
        "if (1)", *SIMS)
defence("record-limit-rx", E,
        "if (s->rx_count >= ds_suite_find(s->suite)->records || ds_record_seq(r) == DS_SEQ_MAX)",
        "if (0)", *SIMS)
defence("cid-needed", E, "if (found && !(s->flags & DS_SLOT_RX_CID))", "if (found)", *SIMS)
defence("cid-mixed", E, "if (in->seen && in->seen != session)", "if (0)", *SIMS)
defence("epoch", E, "if (epoch > DS_EPOCH || (r->type == DS_TLS12_CID && epoch != DS_EPOCH))",
        "if (0)", *SIMS)
# Mbed TLS would drop it.
defence("plain-appdata", E, "if (h && r->type != DS_APPDATA)", "if (h)", *SIMS)
# A session without CID never moves, so that what is seen is which counter says that nobody is there.
defence("path-of-session", E, "bool found = s && ds_slot_is_remote(s, &a->path->remote);",
        "bool found = s != NULL;", *SIMS)

# core: budgets
defence("hello-copies", "core/engine_hello.c",
        "if ((h && is_repetition(h, &hello)) || is_late(e, path, &hello)) {",
        "if (h && is_repetition(h, &hello)) {\n\t\tds_engine_feed(e, h, ds_record_start(r), r->total);\n"
        "\t\treturn;\n\t}\n\tif (is_late(e, path, &hello)) {", "sim/test_strangers")
defence("cookie-of-our-failure", "core/engine_handshake.c", "if (!is_ours(reason))", "",
        "sim/test_jobs")
defence("cookie-of-no-memory", "core/tls.c", "if (is_local(ret))", "if (0)", "sim/test_jobs")
defence("cookie-of-peers-failure", "core/engine_handshake.c", "if (!is_ours(reason))", "if (0)",
        "sim/test_jobs")
defence("cookie-spent", "core/engine_hello.c", "if (is_spent(e, a, &hello)) {", "if (0 && is_spent(e, a, &hello)) {",
        "sim/test_strangers")
defence("hello-not-kept", "core/engine_hello.c", "if (!ds_engine_feed(e, h, ds_record_start(a->record), a->record->total))",
        "if (!ds_engine_feed(e, h, ds_record_start(a->record), a->record->total) && 0)",
        "sim/test_strangers")
defence("keys-without-memory", "core/engine_session.c", "if (n == DS_E_NOMEM)", "if (0)",
        "sim/test_allocations")
defence("hello-rate", "core/engine_hello.c", "* 5 / 4 : HELLO_MAX)", "* 5 / 4 : ~0U)",
        "sim/test_strangers")
defence("raw-keys-refused", "core/engine_hello.c", "return hello->complete && !ds_hello_takes_x509(hello) &&",
        "return 0 && !ds_hello_takes_x509(hello) &&", "sim/test_offers")
defence("hello-few", "core/engine_hello.c", "(few ? HELLO_FEW", "(few && 0 ? HELLO_FEW", "sim/test_admission")
defence("hello-flood", "core/engine_hello.c", "> HELLO_MANY", "> ~0U", "sim/test_admission")
defence("clear-alert", "core/engine_input.c", "\t\t\tclear_alert(e, h, a);", "\t\t\tclear_alert(e, h, a), feed(e, h, r);",
        "sim/test_strangers")
defence("held-bytes", "core/engine_handshake.c", "e->held + len > max ||", "", "sim/test_strangers")
defence("held-reserve", "core/engine_handshake.c",
        "h->held + len > HELD_LITTLE ? HELD_MAX - HELD_MAX / 4 : HELD_MAX;", "HELD_MAX;",
        "sim/test_strangers")
A = "core/engine_admit.c"
defence("admission", A, "if (wait > PATIENCE ||", "if (0 ||", "sim/test_admission")
defence("admission-network", A, "(wait > CROWD && !ds_bucket_has(&e->buckets, key, network_rate, now))",
        "0", "sim/test_admission")
defence("admission-pace", A, "lane->pace = (lane->pace + pace) / 2;", "", "sim/test_admission")
defence("jobs-sign-with-copies", "core/tls_key.c", "mbedtls_rsa_pkcs1_sign(&copy->rsa,",
        "mbedtls_rsa_pkcs1_sign(mbedtls_pk_rsa(k->read),", "sim/test_signatures")
defence("pool-turns", "shim/serve/service.c", "\t\t\tsvc.first = i + 1;", "\t\t\t;",
        I + "test_handshake_threads.py -k crowd")
defence("pool-waits", "shim/serve/service.c", "!(ep->host.wants_room && has_room())", "true",
        I + "test_handshake_threads.py -k crowd")
defence("jobs-run-together", "host/jobs.c", "\t\tpthread_mutex_unlock(&j->lock);\n\t\trun(now.job);\n"
        "\t\tpthread_mutex_lock(&j->lock);", "\t\trun(now.job);", "unit/test_host_endpoint")
defence("jobs-by-class", A, "h->queued_class = h->state == DS_HS_LINGERING ? DS_JOB_ANSWERED : h->class;",
        "h->queued_class = DS_JOB_COSTLY;", "sim/test_admission")
H = "core/engine_handshake.c"
defence("evict-not-answered", H, "!h->busy && h->class != DS_JOB_ANSWERED &&", "!h->busy &&",
        "sim/test_admission")
defence("evict-answer-time", H, ".age = patience}", ".age = 0}", "sim/test_admission")
defence("evict-for-cid", H, "r == DS_E_FULL && i < CID_EVICTIONS &&", "false &&", "sim/test_admission")
J = "core/engine_junk.c"
defence("junk-process-time", J, "return ds_shared_has(process_bucket(e), process_time, now) &&\n",
        "return true &&\n", "sim/test_fairness")
defence("junk-source-time", J,
        "has(e, DS_BUCKET_SOURCE, s, from, now);", "true;",
        "sim/test_fairness")
defence("junk-near-limit", J, "if (is_near_limit(s) && !has(e, records_of(s, from), s, from, now))", "if (0)",
        "sim/test_fairness")
defence("junk-elsewhere", J, "? DS_BUCKET_OWN : DS_BUCKET_ELSEWHERE;", "? DS_BUCKET_OWN : DS_BUCKET_OWN;",
        "sim/test_fairness")
defence("junk-genuine", J, "ds_bucket_refill(&e->buckets, key_of(e, DS_BUCKET_OWN, s, from));", ";", *SIMS)
defence("bucket-burst", "core/limit.c",
        "return !k || spent(k, rate, (uint32_t)(now / DS_SECOND)) < rate.burst;", "return true;",
        *SIMS)
defence("group-by-site", "core/limit.c", "net_hash(a, DS_NET_SITE, g->seed) % DS_GROUPS",
        "net_hash(a, DS_NET_HOST, g->seed) % DS_GROUPS", *SIMS)

# core: records
D = "core/record.c"
defence("record-cid-type", D, "case DS_TLS12_CID: return cid_len > 0;", "case DS_TLS12_CID: return true;",
        "unit/test_record_header", "unit/test_record")
defence("record-version-1.0", D,
        "(r->version == VERSION_1_0 && ds_record_epoch(r) == 0 && r->type != DS_TLS12_CID)",
        "r->version == VERSION_1_0", "unit/test_record_header", "unit/test_record")
defence("record-length", D, "if (out->len > len - header || out->len > CIPHERTEXT_MAX)",
        "if (out->len > len - header)", "unit/test_record_header", "unit/test_record")
defence("record-too-big", D, "return out->len <= DS_PAYLOAD_MAX ? 0 : DS_E_TOOBIG;", "return 0;",
        "unit/test_record")
defence("record-space", D, "if (cap < total || what->cid_len > DS_CID_MAX)",
        "if (what->cid_len > DS_CID_MAX)", "unit/test_record")
defence("record-no-plaintext", D, "memset(out, 0, total); /* no plaintext", "; /* no plaintext",
        "unit/test_record")
defence("record-aad-cid", D, "memcpy(p + 10, header, 11 + cid_len);", "memcpy(p + 10, header, 11);",
        "unit/test_record")

# core: sessions and handshakes
defence("wipe-slot", "core/session.c", "ds_wipe(s, t->stride);", "s->flags = 0;",
        "unit/test_defences")
defence("wipe-handshake", "core/handshake.c", "ds_wipe(h, sizeof(*h));", ";", "sim/test_jobs")
defence("wipe-handshake-keys", "core/tls.c", "ds_wipe(t, sizeof(*t));", ";", "sim/test_jobs")
defence("ems-certificates", "core/tls.c",
        "(t->config->require_ems == DS_EMS_CERTIFICATES && !suite->cert))",
        "t->config->require_ems == DS_EMS_CERTIFICATES)", I + "test_certificates.py")
defence("first-sequence", "core/tls.c", "t->seq_end = next_seq(t) + DS_LINGER_SEQS;",
        "t->seq_end = next_seq(t) + DS_LINGER_SEQS; return next_seq(t);", "sim/test_handshakes")
defence("no-session-id", "core/tls_hello.c", "ds_hello_drop_session_id(ssl->out_msg, len);", "len;",
        "sim/test_handshakes")
defence("linger-numbers", "core/tls.c", "if (t->seq_end && next_seq(t) > t->seq_end)", "if (0)",
        "sim/test_handshakes")
defence("linger-once-a-timer", "core/engine_input.c", "now >= e->handshakes[s->linger]->repeat_at",
        "true", "sim/test_handshakes")
defence("linger-message", "core/engine_input.c", "|| !is_last(e, s, o))", ")", "sim/test_addresses")
defence("old-message-once-a-timer", "core/tls.c", "if (t->now < t->repeat_at)", "if (0)",
        "sim/test_jobs")
defence("session-generation", "core/session.c",
        "(s->flags & DS_SLOT_LIVE) && s->generation == session >> 32 ?",
        "(s->flags & DS_SLOT_LIVE) ?", *SIMS)
defence("identity-peeked", "core/handshake.c", "j->key_state == DS_KEY_KNOWN && len == "
        "j->identity_len &&\n\t       memcmp(identity, j->identity, len) == 0;",
        "j->key_state == DS_KEY_KNOWN;", "sim/test_handshakes")
defence("inbox-limit", "core/handshake.c",
        "return q->count >= DS_INBOX_RECORDS || q->bytes + len > DS_INBOX_BYTES;", "return false;",
        "sim/test_jobs", *SIMS)
defence("puts-limit", "core/handshake.c",
        "if (j->puts >= DS_PUTS_MAX)", "if (0)", "sim/test_jobs", *SIMS)
defence("hello-version", "core/hello.c",
        "return version[0] == 0xfe && (version[1] == 0xfd || version[1] == 0xff);", "return true;",
        "unit/test_hello")
defence("hello-session-id", "core/hello.c", " || session_id_len > SESSION_ID_MAX)", ")",
        "unit/test_hello")
defence("pretended-key", "core/engine_handshake.c", "job->result == DS_TLS_DONE && !h->pretends)",
        "job->result == DS_TLS_DONE)", "sim/test_handshakes")
X = "core/engine_session.c"
defence("record-limit-tx", X,
        "(s->tx_seq & DS_SEQ_COUNT_MASK) >= ds_suite_find(s->suite)->records;", "0;",
        "sim/test_limits")
# The last number is beyond every suite's limit of records, too: both go, but for the limit itself.
defence("last-number", X,
        "s->tx_seq >= DS_SEQ_MAX ||\n\t       (s->tx_seq & DS_SEQ_COUNT_MASK) >=",
        "(s->tx_seq & DS_SEQ_COUNT_MASK) ==", "sim/test_fairness")
defence("payload-limit", X, "if (len > s->more->payload_max)", "if (0)", *SIMS)
defence("seal-budget", X,
        "if (!ds_rebind_spend(s, size)) {\n\t\te->stats.drop_budget++;\n\t\treturn DS_E_BUDGET",
        "if (0) {\n\t\te->stats.drop_budget++;\n\t\treturn DS_E_BUDGET", *SIMS)
defence("max-age", "core/engine_expiry.c",
        "if (!has_ends(e) || ds_second_of(now) < end_of(e, s))", "if (1)", "sim/test_fairness")
defence("max-per-identity", "core/engine_expiry.c",
        "if (most && ds_table_count_identity(&e->table, s->more->bytes, s->more->identity_len,\n"
        "					    s->more->by_cert, &victim) > most)", "if (0)", *SIMS)
defence("max-sessions", "core/engine_expiry.c", "if (e->table.count <= e->cfg.max_sessions)",
        "if (1)", *SIMS)

# What ends a session, and what a client has to prove
M = I + "test_state_machine.py -k "
defence("close-notify", "core/engine_input.c", "ds_engine_end(e, s, DS_REASON_PEER_CLOSED, true);",
        ";", M + "alert_ends")
defence("fatal-alert", "core/engine_input.c", "ds_engine_end(e, s, DS_REASON_PEER_ALERT, false);",
        ";", M + "alert_ends")
defence("client-certificate", "core/tls_config.c", "mbedtls_ssl_conf_authmode(&c->conf, auth);",
        "mbedtls_ssl_conf_authmode(&c->conf, MBEDTLS_SSL_VERIFY_OPTIONAL);",
        M + "empty-certificate")

# Patience: the server keeps a handshake, and then its last flight, as long as the client may ask.
defence("handshake-patience", "core/config.c", ".handshake_timeout = 120 *",
        ".handshake_timeout = 60 *", "sim/test_networks")
defence("linger-patience", "core/config.c", ".linger = 240 *", ".linger = 60 *",
        "sim/test_networks", "sim/test_handshakes")

# core: what a file brings back
defence("leap", "core/engine_store.c", "if (how->leap && !leap(e, was, image->created, now))",
        "if (0)", "sim/test_restart")
defence("restored-expired", "core/engine_store.c",
        "if (is_expired(e, was, image->created, how, now))", "if (0)", "sim/test_restart")
defence("restored-cid-twice", "core/engine_store.c",
        "if (image->ns.rx_cid && ds_table_by_cid(&e->table, image->ns.cid))", "if (0)",
        "sim/test_restart")
defence("header-version", "core/store.c",
        "if ((version != 1 && version != DS_STORE_VERSION) || get(&p, 4) != DS_STORE_IMAGE)",
        "if (get(&p, 4) == 0xffffffff)", "unit/test_store")
defence("image-place", "core/store.c", "put(&p, w->number, 4);", "put(&p, 0, 4);",
        "unit/test_store")
defence("image-id", "core/store.c", "put(&p, w->id, 8);", "put(&p, 0, 8);", "sim/test_restart")
defence("restored-before-removed", "host/endpoint.c", "if (is_restoring(eps[i]))",
        "if (0)", "unit/test_host_endpoint")
defence("restored-slots-kept", "core/session.c", "while (t->used < slots && take_slot(t))", "while (0)",
        "sim/test_restart")
defence("restored-identity", "core/engine_store.c", "if (has_enough(e, &image->ns))", "if (0)",
        "sim/test_restart")
defence("restored-order", "core/store_order.c", "? ~seen : UINT32_MAX)", "? seen : UINT32_MAX)",
        "sim/test_restart")
defence("store-key-file", "core/store_key.c",
        "memcmp(k->file_id, file_id, sizeof(k->file_id)) != 0) &&", "false) &&", "unit/test_store")
defence("store-key-session", "core/store_key.c", "m[6 + b] = (uint8_t)(id >> 8 * b);",
        "m[6 + b] = 0;", "unit/test_store")
defence("line-sequence", "core/store.c",
        "return s->tx_seq > DS_LINGER_SEQS && s->tx_seq <= DS_SEQ_MAX &&",
        "return", "sim/test_restart")

# host
A = "host/arena.c"
defence("arena-wipe", A, "explicit_bzero(p, size ? size : 1);", ";", "unit/test_host_arena")
defence("arena-dontdump", A, "host_sys3(SYS_madvise, p, size, MADV_DONTDUMP);", "",
        "unit/test_host_arena")
defence("arena-wipeonfork", A, "if (host_sys3(SYS_madvise, p, size, MADV_WIPEONFORK))", "if (0)",
        "unit/test_host_arena")
defence("state-uid", "host/state_file.c", "if (st->st_uid != me && st->st_uid != 0)", "if (0)",
        *STATE)
defence("state-mode", "host/state_file.c", "if (st->st_mode & 077)", "if (0)", *STATE)
defence("state-hard-link", "host/state_file.c", "if (st.st_nlink > 1)", "if (0)", *STATE)
defence("clock-set-back", "host/state_lines.c", "if (clock + (int64_t)SLACK < before)", "if (0)",
        "unit/test_host_state")
defence("image-split", "host/state_io.c", "if (is_split(slot)) {", "if (0) {",
        "unit/test_host_state")
defence("again-not-back", "core/session_places.c", "if (p->kept)", "if (0)", "sim/test_restart")
defence("parked-untouched", "host/state_restore.c", "if (!s->fresh)\n\t\thost_state_finish_image",
        "if (1)\n\t\thost_state_finish_image", "unit/test_host_state")
defence("resealed", "core/engine_store.c", "if (image->old) {", "if (0) {",
        "unit/test_host_state")
defence("moved-port", "host/state_file.c", "before->port == now->port &&", "",
        "unit/test_host_state")
defence("image-again", "core/engine_store.c",
        "ds_table_again(&e->table, slot, slot, now + AGAIN);", ";", "sim/test_restart")
defence("image-waits", "core/session_places.c",
        "ds_table_again(t, p->pending[p->head], p->pending[p->head], 0);", "", "sim/test_restart")
defence("place-later", "core/engine_store.c", "ds_table_place(&e->table, before + 1, slots);", "",
        "sim/test_restart")
defence("parked-machine", "host/state_park.c", "memcmp(machine, h->machine, 16) == 0;", "true;",
        "unit/test_host_state")
defence("parked-machine-known", "host/state_park.c", "memcmp(machine, unknown, 16) != 0 &&", "",
        "unit/test_host_state")
defence("parked-mark", "host/state_park.c", "if (!host_state_mark_holds(s, &st))", "if (0)", *STATE)
defence("parked-age", "host/state_park.c",
        "if (now < h->parked_at || now - h->parked_at > REST_MAX)", "if (0)",
        "unit/test_host_state")
L = "host/log_event.c"
defence("log-peer", L, "peer_may(ev, now) &&", "(peer_may(ev, now) || true) &&",
        "unit/test_host_log")
defence("log-network", L, "if (len && ev->type != DS_EVENT_FAILED)", "if (len)",
        "unit/test_host_log")
defence("log-all", L, ": take(&k->due, now, ALL_LINES, ALL_INTERVAL)", ": true",
        "unit/test_host_log")
defence("keys-joined", "host/keys_cmd.c", "if (may_run(c, w->network, r))", "if (0)",
        "unit/test_host_keys_cmd")
K = "host/keys_cmd.c"
defence("recheck-certain", K, "if (l->recheck && l->certain)", "if (l->recheck)",
        "unit/test_host_keys_cmd", I + "test_keys.py -k withdrawn")
defence("recheck-status", K, "status == KEY_STATUS_UNKNOWN ? UNKNOWN : NO_ANSWER",
        "UNKNOWN", "unit/test_host_keys_cmd")
defence("recheck-http", K, "if (http == 404 || http == 410)", "if (http >= 400)",
        "unit/test_host_keys_rest")
defence("recheck-share", K, "if (l->recheck && may_run(c, KEY_OURSELVES, r))", "if (0)",
        "unit/test_host_keys_cmd")
defence("recheck-few", "host/keys.c", "k->cmd.n_rechecks < KEY_RECHECKS", "true",
        "unit/test_host_keys_cmd")
defence("recheck-file", "host/keys.c",
        "if (find_at_hand(k, identity, len, &key) == HOST_KEY_UNKNOWN)", "if (1)",
        "unit/test_host_keys_cmd")
defence("recheck-turns", "host/endpoint.c", "recheck(keys, eps[i]);", ";",
        "unit/test_host_endpoint", I + "test_keys.py -k withdrawn")
F = "host/file.c"
defence("secret-others-read", F, "if (warn && mode & S_IROTH)", "if (0)",
        "unit/test_host_keys_csv", I + "test_certificates.py -k everybody_can_read")
defence("secret-group-writes", F, "if (mode & (S_IWGRP | S_IWOTH))", "if (mode & S_IWOTH)",
        "unit/test_host_keys_csv", "unit/test_host_config")
defence("secret-others-write", F, "if (mode & (S_IWGRP | S_IWOTH))", "if (mode & S_IWGRP)",
        "unit/test_host_keys_csv")
defence("secret-link", F, "else if (!is_trusted(&link, &parent))", "else if (0)",
        "unit/test_host_keys_csv")
defence("keys-others-write", "host/keys_file.c",
        "if (!host_file_check_secret(f->name, &st, first, why))", "(void)st;",
        "unit/test_host_keys_csv", I + "test_start_errors.py -k secret_that_others")
defence("keys-large-mistake", "host/keys_file.c", "	if (!f->set)\n		host_die(1", "	if (0)\n		host_die(1",
        "unit/test_host_keys_csv")
defence("keys-not-read-yet", "host/endpoint.c",
        "while (are_read(keys) && ds_engine_lookup", "while (ds_engine_lookup",
        I + "test_state.py -k many_keys")
defence("key-others-write", "host/config_make.c", "!strcmp(var, VAR_KEY) ? host_file_secret",
        "0 ? host_file_secret", "unit/test_host_config",
        I + "test_start_errors.py -k secret_that_others")
defence("rest-header-form", "host/keys_setup.c", "if (len && !is_header(text))", "if (0)",
        "unit/test_host_keys_rest")
Q = "host/log_queue.c"
SLOW = I + "test_slow_disk.py"
defence("log-queued", Q, "if (!q || !put(q, fd, line, len))", "(void)put;", "unit/test_host_log_queue",
        SLOW)
defence("log-lost-counted", Q, "if (lost)\n", "if (0)\n", "unit/test_host_log_queue")
defence("log-end-waits", Q, "while ((q->len || q->busy) && !r)", "while (0)",
        "unit/test_host_log_queue")
defence("log-before-exec", "shim/serve/handover.c", "\t\thost_log_flush(HOST_LOG_END);", "\t\t(void)0;",
        SLOW)
defence("images-thread", "host/images.c", "if (!atomic_load(&images.runs)) {", "if (1) {", SLOW)
defence("images-before-flight", "core/engine_queue.c", "while (e->out_taken < e->out_held && ",
        "while (", SLOW)
defence("log-no-link", "host/log.c", "O_NOCTTY | O_NOFOLLOW", "O_NOCTTY", "unit/test_host_log",
        I + "test_start_errors.py -k log_that_is_a_link")
defence("file-regular", "host/file.c", "if (fstat((int)fd, st) || !S_ISREG(st->st_mode))",
        "if (fstat((int)fd, st))", "unit/test_host_config", I + "test_start_errors.py")

M = "host/config_make.c"
START = I + "test_start_errors.py"
CERTIFICATES = I + "test_certificates.py"
defence("mbedtls-in-arena", M,
        "mbedtls_platform_set_calloc_free(host_arena_calloc, host_arena_cfree);", "",
        I + "test_fail_closed.py -k session_keys_are_in_one_process_only",
        I + "test_client_role.py -k forked_child_has_no_key")
defence("cert-needs-key", M, "if (o->cert && !o->key)", "if (0)",
        "unit/test_host_config", START + " -k without_its_key")
defence("client-auth-needs-ca", M, "o->client_auth != DS_CLIENT_AUTH_NONE && !o->ca)",
        "o->client_auth != DS_CLIENT_AUTH_NONE && 0)", "unit/test_host_config",
        START + " -k without_an_authority")
defence("client-auth-default", M, "o->ca && o->cert ? DS_CLIENT_AUTH_REQUIRED :", "0 ? 1 :",
        "unit/test_host_config", CERTIFICATES + " -k client_certificate")
defence("ems-required", M, "cfg->require_ems = o->require_ems;", "", "unit/test_host_config",
        CERTIFICATES + " -k extended_master_secret")
defence("keylog-mode", M, "0600, 0, 0);", "0644, 0, 0);", "unit/test_host_config")
defence("keylog-no-link", M, "O_CLOEXEC | O_NOCTTY | O_NOFOLLOW", "O_CLOEXEC | O_NOCTTY",
        "unit/test_host_config")

# shim
W = "shim/socket/make_wire.c"
defence("filter-closed", W, "r = shim_filter_closed((int)fd);", "r = 0;", "unit/test_make_wire")
defence("filter-drops-all", "shim/socket/filter.c", "code[] = {BPF_STMT(BPF_RET | BPF_K, 0)};",
        "code[] = {BPF_STMT(BPF_RET | BPF_K, 0xffffffff)};", "unit/test_make_wire")
defence("wire-no-peek-offset", W, "      SO_PEEK_OFF,", "", "unit/test_make_wire")
defence("wire-no-zerocopy", W, "      SO_ZEROCOPY,", "", "unit/test_make_wire")
defence("wire-no-udp-options", W, """{IPPROTO_IP, 63, skip_ip, "IPPROTO_IP"},""",
        """{IPPROTO_IP, 63, skip_ip, "IPPROTO_IP"},
	{IPPROTO_UDP, 104, (const uint8_t *)"", "IPPROTO_UDP"},""", "unit/test_make_wire")
defence("filter-lock", "shim/socket/filter.c",
        "return (int)host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on), 0);",
        "return on - 1;", "unit/test_make_wire", *CLOSED)
defence("filter-dtls", "shim/socket/protect.c", "filtered ? 0 : shim_filter_open(s->wire, plaintext);",
        "0;\n\tshim_filter_remove(s->wire);\n\t(void)filtered, (void)plaintext;", *CLOSED)
PLAINTEXT = I + "test_plaintext.py"
defence("filter-only-where-allowed", "shim/socket/protect.c", "s->wire_port) != DS_PLAINTEXT_DENY;", "s->wire_port) <= DS_PLAINTEXT_ALLOW;", PLAINTEXT)
defence("clear-answers-asked", "shim/calls/send.c", "&clear.path, host_now()))\n\t\treturn -ENOENT;",
        "&clear.path, host_now()))\n\t\tclear.path.remote = o->to;", PLAINTEXT)
defence("clear-proxy-asks", "proxy/clear.c", "if (!ds_engine_clear(p->ep.engine, &c->peer, &path, p->now)) {",
        "ds_engine_clear(p->ep.engine, &c->peer, &path, p->now);\n\tpath.remote = c->peer;\n\tif (0) {", PLAINTEXT)
defence("clear-proxy-bounded", "proxy/clear.c", "if (cs->open >= cs->max) {", "if (0) {", PLAINTEXT)
defence("plaintext-not-strict", "tools/run.c", "if (o.strict && host_plaintext_allowed(&o))", "if (0)", PLAINTEXT)
defence("plaintext-no-client", "host/options_args.c", "if (o->role == HOST_ROLE_CLIENT && (p->all", "if (0 && (p->all", PLAINTEXT)
defence("plaintext-named-ports", "host/plaintext.c", "if (k == n)", "if (0)", PLAINTEXT)
defence("migrated-shared", "host/plaintext.c", "MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0)", "MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0)", PLAINTEXT)
defence("migrated-file-checked", "host/plaintext.c", "memcmp(head, title, sizeof(title)) != 0 ||", "0 ||", PLAINTEXT)
defence("migrated-file-mode", "host/plaintext.c", "if (st.st_mode & 077)", "if (0)", PLAINTEXT)
defence("migrated-no-link", "host/plaintext.c", "O_NONBLOCK | O_NOFOLLOW", "O_NONBLOCK", PLAINTEXT)
defence("filter-of-program", "shim/socket/protect.c", "if (shim_filter_present(fd))", "if (0)",
        I + "test_fail_closed.py -k packet_filter")
# Not here: what comes to a socket that was passed, before its filter is the one for DTLS, meets the
# drop-all filter, and without that the engine, which drops it as well.
defence("options-compared", W, "if (!left || pass == 0)", "if (1)", "unit/test_make_wire")
defence("facade-shutdown", "shim/socket/facade.c", "host_sys3(SYS_shutdown, s->far, SHUT_RD, 0);",
        "", *CLOSED)
defence("adopted-options-reset", "shim/socket/protect.c", "r = shim_wire_reset(s->wire);", "r = 0;",
        I + "test_processes.py -k loses_options")
defence("adopted-corked-dropped", W, "drop_corked(wire);", "(void)drop_corked;",
        "unit/test_make_wire")
H = "shim/serve/handover.c"
BUNDLES = I + "test_bundles.py"
defence("bundle-trusted", H, "shim_trusts(cred.uid)", "cred.uid != (uid_t)-1", BUNDLES)
defence("trusted-users", "shim/base/rights.c", "user == 0 || user == (uid_t)", "(uid_t)-1 != (uid_t)",
        BUNDLES)
defence("lease-sealed", H, "seals >= 0 && seals & F_SEAL_SHRINK &&", "seals >= -4096 &&", BUNDLES)
defence("lease-named", H, "&& same_file(fd, from->page_dev, from->page_ino)", "&& from", BUNDLES)
defence("rendezvous-user", "shim/serve/rendezvous.c",
        "&& shim_trusts(user)", "&& user != (uid_t)-2", I + "test_wire.py -k other_users")
defence("second-socket", "shim/serve/second_socket.c", "if (!found)", "if (1)",
        I + "test_wire.py", *CALLS)
defence("stranger-bound", "shim/serve/stranger.c",
        "return shim_adopt(fd) ? SHIM_STRANGER_PROTECTED : SHIM_FD_UDP;", "return SHIM_FD_UDP;",
        *SHARED)
WIRES = I + "test_wire.py -k another_socket"
defence("second-socket-connect", "shim/hooks/socket.c", "if (!s && !r)\n\t\tr = shim_second",
        "if (0)\n\t\tr = shim_second", WIRES)
RETIRED = "shim/socket/retired.c"
defence("retired-mark-locked", RETIRED,
        "host_sys6(SYS_setsockopt, fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on), 0);", "(void)on;",
        "unit/test_retired")
defence("no-proc-epoll", "shim/socket/numbers.c",
        "if (!shim_fd_is_hidden(epfd) && is_registered(epfd, fd))", "if (0)",
        I + "test_fail_closed.py -k without_proc")
defence("retired-shut-down", RETIRED, "host_sys3(SYS_shutdown, old, SHUT_RDWR, 0);", "", *SHARED)
defence("retired-marked", RETIRED, "n != MARK_N ||", "n >= 0 ||", *SHARED)

# shim: calls
defence("send-needs-session", "shim/calls/send.c", "s->wire_port);\n\treturn -EPERM;",
        "s->wire_port);\n\treturn 0;", I + "test_fail_closed.py -k stranger")
defence("send-no-segments", "shim/calls/send.c",
        "if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)", "if (0)",
        I + "test_fail_closed.py -k segments")
defence("errqueue-no-payload", "shim/calls/recv.c", "m.msg_iov = NULL;\n\tm.msg_iovlen = 0;", "",
        I + "test_fail_closed.py -k error_queue")
defence("options-refused", "shim/calls/options.c", "r = refuse(s, level, name, val, len);",
        "r = 0;\n\t(void)refuse;", I + "test_fail_closed.py -k undo_the_protection")
defence("unprotected-bind-told", "shim/calls/unprotected.c",
        "if (!port || has(&bound, port) || !shim_udp_family(fd) || !add(&bound, port))",
        "(void)add;\n\tif (port || has(&bound, port))", I + "test_unprotected.py")
defence("unprotected-send-told", "shim/calls/unprotected.c",
        "if (!port || has(&sent_to, port) || !shim_udp_family(fd) || !add(&sent_to, port))",
        "if (port || has(&sent_to, port))", I + "test_unprotected.py")
defence("client-wire-port", "shim/calls/client.c", "if (!listed && !(port && port_of_wire(port)))",
        "if (!listed)", I + "test_client_role.py -k port_on_the_wire")

# shim: hooks and base
HOOKS = I + "test_hooks.py"
defence("no-deepbind", "shim/hooks/load.c", "if (mode & RTLD_DEEPBIND && !shim_options.deepbind)",
        "(void)note;\n\tif (0)", HOOKS)
defence("calls-refused", "shim/hooks/refuse.c",
        "if (shim_likely(shim_fd_entry(fd) < SHIM_FD_HIDDEN))", "if (1)", I + "test_evil.py", HOOKS)
defence("syscall-bind", "shim/hooks/syscall.c", "[SYS_bind] = NAMING,", "",
        I + "test_fail_closed.py -k by_its_number")
defence("syscall-send", "shim/hooks/syscall.c", "[SYS_sendto] = TRANSMIT,", "", HOOKS, *CLOSED)
defence("preload-order", "shim/hooks/startup.c", "shim_preload_order_check();", "",
        I + "test_preload_order.py")
defence("preload-order-bind", "shim/base/preload_order.c", "&& shim_bind_met_hidden)", ")",
        I + "test_preload_order.py")
defence("options-at-start", "shim/hooks/startup.c",
        "host_options_env(&shim_options, HOST_SHIM, environ, why)",
        "host_options_env(&shim_options, HOST_SHIM, environ, why) && 0", START + " -k unknown")
# Not here: a socket that was open at the start is looked at when the program first uses it, if that
# was not done at the start.
defence("vforked", "shim/base/inside.c",
        "return pid_now() != atomic_load(&own_pid) && host_arena_mine();", "return false;",
        I + "test_children.py", I + "test_processes.py")

# the gateway
GATEWAY, MOVES = I + "test_gateway.py", I + "test_gateway_moves.py"
defence("gateway-networks", "proxy/gateway.c",
        "if (!proxy_allow_has(&p->gateway->allow, &path->remote)) {", "if (0) {",
        GATEWAY + " -k allowed_networks")
defence("gateway-prefix", "proxy/allow.c", "(!rest || !((n->ip[bytes] ^ a->ip[bytes]) >> (8 - rest)))",
        "1", "unit/test_gateway")
defence("gateway-open-to-all", "proxy/gateway_open.c",
        "if (!o->allow_networks && !is_private(o->bind))", "if (!is_private(o->bind) && 0)",
        GATEWAY + " -k mistakes")
defence("gateway-unused-options", "proxy/gateway_open.c", "if (check_unused(o, why))",
        "if (0 && check_unused(o, why))", GATEWAY + " -k mistakes")
defence("gateway-server-name", "proxy/gateway_open.c", "if (o->ca && !o->server_name)\n\t\t"
        "o->server_name = host_of(o->connect);",
        "if (o->ca && !o->server_name)\n\t\to->server_name = strdup(\"any\");",
        GATEWAY + " -k another_server")
defence("gateway-shared-answers", "proxy/gateway.c", "if (g->shared) {", "if (0) {",
        GATEWAY + " -k one_way")
defence("gateway-flood", "proxy/gateway.c", "bool goes = l && p->now - l->used >= STAYS_FOR;",
        "bool goes = l;", GATEWAY + " -k flood")
defence("gateway-again", "proxy/gateway.c", "if (l->answered || l->doubtful)\n", "if (0)\n",
        GATEWAY + " -k restarted")
defence("gateway-hold-number", "proxy/hold.c", "h->n == PROXY_HOLD_MESSAGES ||", "",
        "unit/test_gateway")
defence("gateway-hold-bytes", "proxy/hold.c", "h->bytes + len > PROXY_HOLD_BYTES ||", "",
        "unit/test_gateway")
defence("gateway-hold-all", "proxy/hold.c", " ||\n\t       all + len > PROXY_HOLD_ALL;", ";",
        "unit/test_gateway")
defence("gateway-moves", "proxy/gateway_wire.c", "l->moves != p->gateway->uplink.moves)", "0)", MOVES)
defence("gateway-one-at-a-time", "proxy/gateway_pace.c", "(g->fails ? g->max_handshakes : g->window)",
        "g->max_handshakes", GATEWAY + " -k one_at_a_time")
defence("gateway-doubts", "core/engine_client.c", "if (at <= now && (!e->n_free || e->n_handshakes >= e->doubts_max))", "if (0)",
        "sim/test_client")

# tools
STRICT = I + "test_strict.py"
UNPROTECTED = I + "test_unprotected.py"
defence("strict-holds-ports", "tools/strict.c",
        "hold(h, o->ports[i].wire, o);",
        "(void)hold;", STRICT)
defence("strict-proves", "tools/prove.c", "if (p.clear) {", "if (0) {",
        STRICT + " -k answers_plaintext")
defence("strict-none-bound", "tools/prove.c", "if (more)\n\t\tnone_bound(program, o);",
        "(void)none_bound;\n\tif (more)\n\t\treturn;", UNPROTECTED + " -k ended")
defence("strict-lost", "tools/prove.c", "else\n\t\tlost(program);", "(void)lost;",
        STRICT + " -k goes_on_without")
defence("strict-client", "tools/prove.c", "else if (client)\n\t\tclient_ended(program, o);",
        "else if (client)\n\t\t(void)client_ended;", UNPROTECTED + " -k spoke_in_clear")
defence("run-checks-program", "tools/run.c",
        "status = check_program(argv[rest], true, stderr);", "status = 0;", I + "test_tool.py -k run_")
defence("check-setuid", "tools/check.c",
        "gains = (st.st_mode & S_ISUID && st.st_uid != getuid()) ||", "gains =",
        I + "test_tool.py -k privileges")
