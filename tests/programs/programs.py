# SPDX-License-Identifier: Apache-2.0
"""The programs: each function starts one server and asks it something with its own real client.

`w` is a World (world.py): w.serve() starts the server on port @PORT@, w.ask() runs a client.
Everything is a Debian package's, but for a few lines of script where the program is a language.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVERS = HERE.parent / "servers"

PROGRAMS = []


def program(name, client, needs, *, quick=False, refused=None):
    """Registers: what it is called in the table, its client, commands that must be installed.
    `refused`: what the log says of a program that cannot be protected (World.refuses)."""
    def register(function):
        function.title, function.client, function.needs = name, client, needs.split()
        function.quick, function.refused = quick, refused
        PROGRAMS.append(function)
        return function
    return register


# Languages

ECHO = "hello there"


def socat_echo(w):
    w.expect(ECHO, "socat", "-t", "2", "-", "UDP:127.0.0.1:@PORT@", stdin=ECHO)


@program("Python socketserver, threads", "socat", "python3 socat", quick=True)
def python_socketserver(w):
    w.serve("/usr/bin/python3", SERVERS / "socketserver_echo.py", "--port", "@PORT@")
    socat_echo(w)


@program("Python ForkingUDPServer", "socat", "python3 socat", quick=True)
def python_forking(w):
    w.serve("/usr/bin/python3", "-c", """
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(self.request[0], self.client_address)
socketserver.ForkingUDPServer(('127.0.0.1', @PORT@), Echo).serve_forever()
""")
    socat_echo(w)


@program("Python asyncio", "socat", "python3 socat")
def python_asyncio(w):
    w.serve("/usr/bin/python3", SERVERS / "asyncio_echo.py", "--port", "@PORT@")
    socat_echo(w)


@program("Node.js dgram", "Node.js dgram", "node", quick=True)
def node(w):
    w.serve("node", SERVERS / "dgram_echo.js", "--port", "@PORT@")
    w.expect("hello from node", "node", "-e", """
const s = require('dgram').createSocket('udp4');
s.on('message', m => { console.log(String(m)); s.close(); });
s.send('hello from node', @PORT@, '127.0.0.1');
setTimeout(() => process.exit(1), 10000).unref();
""")


@program("Java DatagramSocket", "Java DatagramSocket", "java javac")
def java_classic(w):
    java(w, "classic")


@program("Java NIO DatagramChannel", "Java DatagramSocket", "java javac")
def java_nio(w):
    java(w, "nio")


def java(w, kind):
    w.run_plain("javac", "-d", w.dir, HERE / "Echo.java")
    w.serve("java", "-cp", w.dir, "Echo", kind, "@PORT@")
    w.expect("hello from java", "java", "-cp", w.dir, "Echo", "client", "@PORT@")


@program("Perl IO::Socket::INET", "Perl IO::Socket::INET", "perl", quick=True)
def perl(w):
    w.serve("perl", "-MIO::Socket::INET", "-e", """
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => @PORT@, Proto => 'udp') or die;
while ($s->recv(my $m, 2048)) { $s->send($m) }
""")
    w.expect("hello from perl", "perl", "-MIO::Socket::INET", "-e", """
my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => @PORT@, Proto => 'udp') or die;
$s->send('hello from perl'); $s->recv(my $m, 2048); print $m;
""")


@program("Ruby UDPSocket", "socat", "ruby socat")
def ruby(w):
    w.serve("ruby", "-rsocket", "-e", """
Socket.udp_server_loop('127.0.0.1', @PORT@) { |message, source| source.reply(message) }
""")
    socat_echo(w)


@program("PHP stream_socket_server", "socat", "php socat")
def php(w):
    w.serve("php", "-r", """
$s = stream_socket_server('udp://127.0.0.1:@PORT@', $n, $why, STREAM_SERVER_BIND) or die($why);
while (($m = stream_socket_recvfrom($s, 2048, 0, $peer)) !== false) {
    stream_socket_sendto($s, $m, 0, $peer);
}
""")
    socat_echo(w)


@program("Lua LuaSocket", "socat", "lua5.4 socat")
def lua(w):
    w.serve("lua5.4", "-e", """
local s = require('socket').udp()
assert(s:setsockname('127.0.0.1', @PORT@))
while true do
    local m, address, port = s:receivefrom()
    if m then s:sendto(m, address, port) end
end
""")
    socat_echo(w)


@program("Erlang gen_udp", "socat", "erl socat")
def erlang(w):
    w.serve("erl", "-noshell", "-eval", """
{ok, S} = gen_udp:open(@PORT@, [binary, {ip, {127,0,0,1}}, {active, true}]),
F = fun F() -> receive {udp, S, A, P, M} -> ok = gen_udp:send(S, A, P, M), F() end end,
F().
""", env={"HOME": str(w.dir)})
    socat_echo(w)


@program("Twisted DatagramProtocol", "socat", "socat python:twisted")
def twisted(w):
    w.serve("/usr/bin/python3", "-c", """
from twisted.internet import protocol, reactor

class Echo(protocol.DatagramProtocol):
    def datagramReceived(self, data, peer):
        self.transport.write(data, peer)

reactor.listenUDP(@PORT@, Echo(), interface='127.0.0.1')
reactor.run()
""")
    socat_echo(w)


# DNS

DIG = ("dig", "@127.0.0.1", "-p", "@PORT@", "+short", "+tries=1", "+timeout=8", "+notcp")


def dig(w, answer="192.0.2.55", name="device.example."):
    for _ in range(3):
        w.expect(answer, *DIG, name)


def zone(w):
    return w.write("zone", """$ORIGIN example.
$TTL 60
@ IN SOA ns h 1 2 3 4 5
@ IN NS ns
ns IN A 192.0.2.1
device IN A 192.0.2.55
""")


@program("dnsmasq", "dig", "dnsmasq dig", quick=True)
def dnsmasq(w):
    w.serve("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=@PORT@", "--no-resolv",
            "--no-hosts", "--listen-address=127.0.0.1", "--bind-interfaces", f"--user={w.user}",
            "--pid-file=", "--address=/device.example/192.0.2.55")
    dig(w)


@program("unbound", "dig", "unbound dig", quick=True)
def unbound(w):
    conf = w.write("unbound.conf", f"""
server:
  interface: 127.0.0.1
  port: @PORT@
  do-tcp: no
  do-daemonize: no
  use-syslog: no
  username: ""
  chroot: ""
  directory: "{w.dir}"
  pidfile: ""
  num-threads: 2
  so-reuseport: yes
  module-config: "iterator"
  local-zone: "example." static
  local-data: "device.example. A 192.0.2.55"
""")
    w.serve("unbound", "-d", "-c", conf)
    dig(w)


@program("nsd, two server processes", "dig", "nsd dig")
def nsd(w):
    conf = w.write("nsd.conf", f"""
server:
  ip-address: 127.0.0.1@@PORT@
  server-count: 2
  username: ""
  chroot: ""
  zonesdir: "{w.dir}"
  database: ""
  pidfile: "{w.dir}/pid"
  xfrdfile: "{w.dir}/xfrd"
  xfrdir: "{w.dir}"
  zonelistfile: "{w.dir}/list"
remote-control:
  control-enable: no
zone:
  name: example.
  zonefile: {zone(w)}
""")
    w.serve("nsd", "-d", "-c", conf)
    dig(w)


@program("BIND named", "dig", "named dig")
def named(w):
    conf = w.write("named.conf", f"""
options {{ directory "{w.dir}"; pid-file none; listen-on port @PORT@ {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }}; recursion no; session-keyfile none; }};
controls {{ }};
zone "example" {{ type primary; file "{zone(w)}"; }};
""")
    w.serve("named", "-f", "-c", conf, "-n", "2")
    dig(w)


@program("Knot DNS", "dig", "knotd dig")
def knot(w):
    conf = w.write("knot.conf", f"""
server:
  listen: 127.0.0.1@@PORT@
  rundir: {w.dir}
  udp-workers: 2
database:
  storage: {w.dir}
zone:
  - domain: example
    file: {zone(w)}
""")
    w.serve("knotd", "-c", conf)
    dig(w)


@program("PowerDNS Recursor", "dig", "pdns_recursor dig")
def pdns_recursor(w):
    w.serve("pdns_recursor", f"--config-dir={w.dir}", "--local-address=127.0.0.1",
            "--local-port=@PORT@", f"--socket-dir={w.dir}", "--daemon=no", "--write-pid=no",
            f"--auth-zones=example={zone(w)}", "--threads=2", "--setuid=", "--setgid=")
    dig(w)


@program("PowerDNS Authoritative Server", "dig", "pdns_server dig")
def pdns_server(w):
    conf = w.write("bind.conf", f'zone "example" {{ type master; file "{zone(w)}"; }};\n')
    w.serve("pdns_server", f"--config-dir={w.dir}", "--launch=bind", f"--bind-config={conf}",
            "--local-address=127.0.0.1", "--local-port=@PORT@", f"--socket-dir={w.dir}",
            "--daemon=no", "--guardian=no", "--write-pid=no", "--receiver-threads=2",
            "--setuid=", "--setgid=")
    dig(w)


@program("rbldnsd", "dig", "rbldnsd dig")
def rbldnsd(w):
    names = w.write("names", ":192.0.2.55:listed\ndevice\n")
    user = ("-u", "nobody") if w.user == "root" else ()
    w.serve("rbldnsd", "-n", *user, "-b", "127.0.0.1/@PORT@", "-w", w.dir,
            f"example:dnset:{names.name}")
    dig(w)


@program("dnsdist", "dig", "dnsdist dig")
def dnsdist(w):
    conf = w.write("dnsdist.conf", """
setLocal("127.0.0.1:@PORT@")
addAction("device.example.", SpoofAction("192.0.2.55"))
""")
    w.serve("dnsdist", "-C", conf, "--supervised", "--disable-syslog")
    dig(w)


@program("gdnsd", "dig", "gdnsd dig")
def gdnsd(w):
    (w.dir / "zones").mkdir(exist_ok=True)
    (w.dir / "zones" / "example").write_text(zone(w).read_text())
    w.write("config", f"options => {{ listen => 127.0.0.1, dns_port => @PORT@, udp_threads => 2, "
            f"run_dir => {w.dir}/run, state_dir => {w.dir}/state }}\n")
    w.serve("gdnsd", "-c", w.dir, "start")
    dig(w)


# Time, network management, logs

@program("chronyd", "chronyd -Q", "chronyd")
def chrony(w):
    conf = w.write("chrony.conf", f"""
port @PORT@
bindaddress 127.0.0.1
allow 127.0.0.1
local stratum 3
cmdport 0
pidfile {w.dir}/server.pid
driftfile {w.dir}/drift
""")
    w.serve("chronyd", "-d", "-x", "-u", w.user, "-f", conf)
    w.expect("System clock wrong by", "chronyd", "-Q", "-t", "10", "-u", w.user,
             "server 127.0.0.1 port @PORT@ iburst maxsamples 1", f"pidfile {w.dir}/client.pid",
             "cmdport 0")


@program("snmpd", "snmpget", "snmpd snmpget", quick=True)
def snmpd(w):
    conf = w.write("snmpd.conf", "rocommunity public 127.0.0.1\nsysLocation 'the cellar'\n")
    w.serve("snmpd", "-f", "-Lo", "-C", "-c", conf, "-I", "-smux", "udp:127.0.0.1:@PORT@",
            env={"SNMP_PERSISTENT_DIR": str(w.dir), "MIBS": ""})
    for _ in range(3):
        w.expect("the cellar", "snmpget", "-m", "", "-v2c", "-c", "public", "-t", "10",
                 "127.0.0.1:@PORT@", "1.3.6.1.2.1.1.6.0", env={"MIBS": ""})


@program("snmptrapd", "snmpinform", "snmptrapd snmpinform")
def snmptrapd(w):
    conf = w.write("snmptrapd.conf", "authCommunity log public\n")
    w.serve("snmptrapd", "-f", "-Lo", "-C", "-c", conf, "-m", "", "udp:127.0.0.1:@PORT@",
            env={"SNMP_PERSISTENT_DIR": str(w.dir)})
    w.ask("snmpinform", "-m", "", "-v2c", "-c", "public", "-t", "10", "127.0.0.1:@PORT@", "",
          "1.3.6.1.4.1.8072.2.3.0.1", "1.3.6.1.2.1.1.6.0", "s", "the cellar is wet")
    w.says("the cellar is wet")


@program("rsyslogd imudp", "logger -d", "rsyslogd logger")
def rsyslog(w):
    out = w.dir / "messages"
    conf = w.write("rsyslog.conf", f"""
global(workDirectory="{w.dir}")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="@PORT@")
action(type="omfile" file="{out}")
""")
    w.serve("rsyslogd", "-n", "-f", conf, "-i", w.dir / "pid")
    w.ask("logger", "-d", "-n", "127.0.0.1", "-P", "@PORT@", "the lamp is on")
    w.appears(out, "the lamp is on")


@program("collectd network", "collectd network", "collectd")
def collectd(w):
    def conf(name, body):
        return w.write(name, f"""
BaseDir "{w.dir}"
PIDFile "{w.dir}/{name}.pid"
Hostname "probe-{name}"
FQDNLookup false
Interval 0.1
LoadPlugin network
{body}
""")
    server = conf("server", f"""
LoadPlugin csv
<Plugin network>
  Listen "127.0.0.1" "@PORT@"
</Plugin>
<Plugin csv>
  DataDir "{w.dir}/csv"
</Plugin>
""")
    client = conf("client", """
LoadPlugin uptime
<Plugin network>
  Server "127.0.0.1" "@PORT@"
</Plugin>
""")
    w.serve("collectd", "-f", "-C", server)
    w.start_client("collectd", "-f", "-C", client)
    w.appears(w.dir / "csv" / "probe-client" / "uptime", None)


@program("nfcapd", "Python socket", "nfcapd")
def nfcapd(w):
    w.serve("nfcapd", "-E", "-w", w.dir, "-b", "127.0.0.1", "-p", "@PORT@")
    w.ask("/usr/bin/python3", "-c", """
import socket, struct
header = struct.pack('>HHIIIIBBH', 5, 1, 9000, 1700000000, 0, 1, 0, 0, 0)
flow = struct.pack('>IIIHHIIIIHHBBBBHHBBH', 0xc0000237, 0xc0000201, 0, 1, 2, 3, 4711, 0, 1, 5683,
                   9, 0, 0, 17, 0, 0, 0, 24, 24, 0)
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(header + flow, ('127.0.0.1', @PORT@))
""")
    w.says("Process_v5: New exporter: SysID: 1, .* IP: 127.0.0.1")


# Things

@program("libcoap coap-server", "coap-client-notls", "coap-server-notls coap-client-notls",
         quick=True)
def coap(w):
    w.serve("coap-server-notls", "-A", "127.0.0.1", "-p", "@PORT@")
    w.expect("This is a test server made with libcoap", "coap-client-notls", "-B", "10",
             "coap://127.0.0.1:@PORT@/")
    w.ask("coap-client-notls", "-B", "10", "-m", "put", "-e", "y" * 700,
          "coap://127.0.0.1:@PORT@/example_data")
    w.expect("y" * 700, "coap-client-notls", "-B", "10", "coap://127.0.0.1:@PORT@/example_data")


@program("aiocoap", "aiocoap-client", "python:aiocoap")
def aiocoap(w):
    w.serve("/usr/bin/python3", "-c", """
import asyncio
import aiocoap
from aiocoap import resource

class Hello(resource.Resource):
    async def render_get(self, request):
        return aiocoap.Message(payload=b'hello from aiocoap')

async def main():
    site = resource.Site()
    site.add_resource(['hello'], Hello())
    await aiocoap.Context.create_server_context(site, bind=('127.0.0.1', @PORT@))
    await asyncio.get_running_loop().create_future()

asyncio.run(main())
""")
    w.expect("hello from aiocoap", "/usr/bin/python3", "-m", "aiocoap.cli.client",
             "coap://127.0.0.1:@PORT@/hello")


@program("statsd (npm)", "Python socket", "node npm:statsd")
def statsd(w):
    conf = w.write("statsd.js", """{ port: @PORT@, address: '127.0.0.1', mgmt_port: 0,
  flushInterval: 300, backends: ['./backends/console'] }
""")
    w.serve("node", w.npm("statsd") / "stats.js", conf, cwd=w.npm("statsd"))
    w.ask("/usr/bin/python3", "-c", """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'lamps.on:7|c', ('127.0.0.1', @PORT@))
""")
    w.says(r"'?lamps\.on'?: 7")


# Caches, accounts, calls

@program("memcached -U, three threads", "Python socket", "memcached")
def memcached(w):
    w.serve("memcached", "-U", "@PORT@", "-p", "0", "-l", "127.0.0.1", "-t", "3", "-u", w.user)
    w.expect("VALUE lamp 0 2", "/usr/bin/python3", "-c", """
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect(('127.0.0.1', @PORT@))
for n, line in enumerate([b'set lamp 0 0 2\\r\\non\\r\\n', b'get lamp\\r\\n'] * 5):
    s.send(struct.pack('>HHHH', n, 0, 1, 0) + line)
    print(s.recv(2000)[8:].decode())
""")


@program("freeradius", "radclient", "freeradius radclient")
def freeradius(w):
    w.write("clients.conf", "client here { ipaddr = 127.0.0.1\n secret = testing123\n }\n")
    w.write("users", 'lamp Cleartext-Password := "on"\n')
    w.write("radiusd.conf", f"""
name = radiusd
prefix = /usr
localstatedir = {w.dir}
logdir = {w.dir}
run_dir = {w.dir}
libdir = /usr/lib/freeradius
correct_escapes = true
max_requests = 1024
thread pool {{
  start_servers = 2
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 2
}}
modules {{
  pap {{
  }}
  files {{
    usersfile = {w.dir}/users
  }}
}}
$INCLUDE {w.dir}/clients.conf
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = @PORT@
  }}
  authorize {{
    files
    pap
  }}
  authenticate {{
    Auth-Type PAP {{
      pap
    }}
  }}
}}
""")
    w.serve("freeradius", "-f", "-l", "stdout", "-d", w.dir, "-D", "/usr/share/freeradius")
    w.expect("Received Access-Accept", "radclient", "-x", "-r", "1", "-t", "8",
             "127.0.0.1:@PORT@", "auth", "testing123",
             stdin="User-Name = lamp\nUser-Password = on\n")


@program("radsecproxy", "radclient", "radsecproxy radclient")
def radsecproxy(w):
    conf = w.write("radsecproxy.conf", """
ListenUDP 127.0.0.1:@PORT@
client 127.0.0.1 {
    type udp
    secret testing123
}
realm * {
    replymessage "nobody knows this lamp"
}
""")
    w.serve("radsecproxy", "-f", "-c", conf)
    w.expect("nobody knows this lamp", "radclient", "-x", "-r", "1", "-t", "8",
             "127.0.0.1:@PORT@", "auth", "testing123",
             stdin="User-Name = lamp\nUser-Password = on\n")


@program("MIT krb5kdc", "kinit", "krb5kdc kinit kdb5_util")
def krb5kdc(w):
    conf = w.write("krb5.conf", f"""
[libdefaults]
  default_realm = EXAMPLE
  dns_lookup_kdc = false
  udp_preference_limit = 65000
[realms]
  EXAMPLE = {{
    kdc = 127.0.0.1:@PORT@
    kdc_listen = 127.0.0.1:@PORT@
    kdc_tcp_listen = ""
    database_name = {w.dir}/principal
    key_stash_file = {w.dir}/stash
    acl_file = {w.dir}/acl
  }}
""")
    env = {"KRB5_CONFIG": str(conf), "KRB5_KDC_PROFILE": str(conf)}
    w.run_plain("env", *(f"{k}={v}" for k, v in env.items()),
                *w.command(("kdb5_util", "create", "-s", "-P", "master")))
    w.serve("krb5kdc", "-n", "-P", w.dir / "pid", env=env)
    w.expect("'lamp@EXAMPLE' not found in Kerberos database", "kinit", "lamp", env=env)


@program("kamailio, two children", "sipsak", "kamailio sipsak")
def kamailio(w):
    conf = w.write("kamailio.cfg", """#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=2
disable_tcp=yes
listen=udp:127.0.0.1:@PORT@
loadmodule "sl.so"
request_route { sl_send_reply("200", "Here"); }
""")
    w.serve("kamailio", "-DD", "-f", conf, "-P", w.dir / "pid", "-Y", w.dir)
    w.expect("200 Here", "sipsak", "-vv", "-s", "sip:lamp@127.0.0.1:@PORT@")


@program("coturn, STUN", "turnutils_stunclient", "turnserver turnutils_stunclient")
def coturn(w):
    w.serve("turnserver", "-n", "--no-auth", "--listening-ip=127.0.0.1", "--listening-port=@PORT@",
            "--no-tcp", "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout",
            f"--pidfile={w.dir}/pid", "--relay-ip=127.0.0.1", f"--userdb={w.dir}/db",
            "--no-software-attribute", "--no-rfc5780")
    w.expect("UDP reflexive addr", "turnutils_stunclient", "-p", "@PORT@", "127.0.0.1")


# Whatever runs programs

@program("socat UDP-RECVFROM,fork", "socat", "socat", quick=True)
def socat(w):
    w.serve("socat", "UDP4-RECVFROM:@PORT@,bind=127.0.0.1,fork", "EXEC:cat")
    socat_echo(w)


@program("socat UDP-LISTEN,fork", "socat", "socat", quick=True)
def socat_listen(w):
    """The child connects the socket, the parent binds another to the same port."""
    w.serve("socat", "UDP4-LISTEN:@PORT@,bind=127.0.0.1,fork,reuseaddr", "EXEC:cat")
    socat_echo(w)


@program("nginx stream, two workers", "socat", "nginx socat")
def nginx(w):
    conf = w.write("nginx.conf", f"""
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
worker_processes 2;
pid {w.dir}/pid;
error_log stderr;
user {w.user};
events {{ }}
stream {{
    server {{
        listen 127.0.0.1:@PORT@ udp;
        return "hello from nginx to $remote_addr";
    }}
}}
""")
    w.serve("nginx", "-c", conf)
    w.expect("hello from nginx to 127.0.0.1", "socat", "-t", "2", "-", "UDP:127.0.0.1:@PORT@",
             stdin=ECHO)


@program("systemd-socket-activate", "socat", "systemd-socket-activate socat", quick=True)
def activated(w):
    """The activator binds the port, as systemd does, without the shim."""
    w.serve("env", "-u", "LD_PRELOAD", "systemd-socket-activate", "--datagram", "-l",
            "127.0.0.1:@PORT@", *(f"-E{v}" for v in w.variables()), "/usr/bin/python3", "-c", """
import socket
s = socket.socket(fileno=3)
while True:
    data, peer = s.recvfrom(2048)
    s.sendto(data, peer)
""")
    socat_echo(w)


@program("iperf3 UDP", "iperf3", "iperf3")
def iperf3(w):
    w.serve("iperf3", "-s", "-B", "127.0.0.1", "-p", "@PORT@", "--forceflush",
            ready="Server listening")
    w.expect("receiver", "iperf3", "-u", "-c", "127.0.0.1", "-p", "@PORT@", "-t", "1", "-b", "1M", "-l",
             "1000")   # longer ones than 16 kB DTLS does not know


@program("ncat -k -e", "socat", "ncat socat", quick=True)
def ncat(w):
    """A process for every peer: the parent forks, closes the socket and binds anew."""
    w.serve("ncat", "-4", "-u", "-l", "-k", "-e", "/bin/cat", "127.0.0.1", "@PORT@")
    socat_echo(w)


ONE_MESSAGE = """
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.sendto(b"hello nc\\n", ("127.0.0.1", int(sys.argv[1])))
"""


@program("nc.openbsd -k", "python3", "nc.openbsd", quick=True)
def nc_openbsd(w):
    w.serve("nc.openbsd", "-u", "-l", "-k", "127.0.0.1", "@PORT@")
    w.start_client("/usr/bin/python3", "-c", ONE_MESSAGE, "@PORT@")
    w.says("hello nc")


ONE_ANSWER = """
import socket
s = socket.socket(fileno=0)
s.settimeout(2)
try:
    while True:
        data, peer = s.recvfrom(2048)
        s.sendto(data, peer)
except TimeoutError:
    pass
"""


def inetd_conf(w):
    return w.write("inetd.conf", f"127.0.0.1:@PORT@ dgram udp wait {w.user} /usr/bin/python3 python3 "
                   f"{w.write('answer.py', ONE_ANSWER)}\n")


@program("openbsd-inetd -E, udp wait", "socat", "inetd socat")
def inetd_environment(w):
    w.serve("inetd", "-i", "-E", inetd_conf(w))
    socat_echo(w)


@program("openbsd-inetd, udp wait", "socat", "inetd socat", quick=True,
         refused="event=handed_out")
def inetd(w):
    """Without -E the program it starts is not under the shim, and its socket leads nowhere."""
    w.serve("inetd", "-i", inetd_conf(w))
    w.refuses(ECHO, "sh", "-c", f"echo {ECHO} | socat -t 2 - UDP:127.0.0.1:@PORT@")


@program("in.tftpd", "tftp", "in.tftpd tftp", quick=True, refused="event=clear_answer_refused")
def tftpd(w):
    """Its answers come from a second socket, which no client of the protected port would know."""
    w.write("lamp", "the lamp is on")
    w.serve("in.tftpd", "-L", "-p", "-u", w.user, "-a", "127.0.0.1:@PORT@", w.dir)
    w.refuses("the lamp is on", "sh", "-c",
              f"tftp 127.0.0.1 @PORT@ -m octet -c get {w.dir}/lamp {w.dir}/got && cat {w.dir}/got")


def spawning(w, spawn):
    """The server waits for a message, and a program it starts with the socket answers."""
    w.serve("/usr/bin/python3", w.write("spawn.py", f"""
import multiprocessing, select, socket, subprocess, sys

ANSWER = "import socket; s = socket.socket(fileno=%d); s.sendto(*s.recvfrom(2048))"

def answer(s):
    s.sendto(*s.recvfrom(2048))

if __name__ == "__main__":
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", int(sys.argv[1])))
    while select.select([s], [], []):
        {spawn}
"""), "@PORT@")
    socat_echo(w)


@program("Python subprocess stdin=", "socat", "python3 socat", quick=True)
def python_stdin(w):
    spawning(w, "subprocess.run([sys.executable, '-c', ANSWER % 0], stdin=s)")


@program("Python subprocess pass_fds=", "socat", "python3 socat", quick=True)
def python_pass_fds(w):
    spawning(w, "subprocess.run([sys.executable, '-c', ANSWER % s.fileno()], pass_fds=[s.fileno()])")


@program("Python multiprocessing, spawn", "socat", "python3 socat")
def python_multiprocessing(w):
    spawning(w, "p = multiprocessing.get_context('spawn').Process(target=answer, args=(s,)); "
             "p.start(); p.join()")


@program("authbind python3", "socat", "authbind socat", quick=True)
def authbind(w):
    """The program has authbind's bind() behind ours."""
    w.serve("authbind", "/usr/bin/python3", SERVERS / "socketserver_echo.py", "--port", "@PORT@")
    socat_echo(w)
