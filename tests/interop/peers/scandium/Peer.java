// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/** The program of Scandium (../README.md). A session begins with a first message, "hello". */
public class Peer {
    static final byte[] HELLO = "hello".getBytes(), END = {};
    final Map<String, String> args = new HashMap<>();
    final boolean server;
    final LinkedBlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final CountDownLatch ended = new CountDownLatch(1);
    DTLSConnector connector;
    InetSocketAddress peer;

    Peer(String[] words) {
        server = words[0].equals("server");
        for (String word : Arrays.copyOfRange(words, 1, words.length)) {
            String[] pair = word.split("=", 2);
            args.put(pair[0], pair[1]);
        }
    }

    static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) line.append(line.length() > 0 ? " " : "").append(word);
        System.out.println(line.toString().replace('\n', ' '));
    }

    X509Certificate certificate(String name) throws Exception {
        try (FileInputStream in = new FileInputStream(args.get(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    PrivateKey key(String algorithm) throws Exception {
        String pem = Files.readString(Path.of(args.get("key"))).replaceAll("-----[^-]+-----|\\s", "");
        return KeyFactory.getInstance(algorithm).generatePrivate(
            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }

    DtlsConnectorConfig configuration() throws Exception {
        DtlsConfig.register();
        DtlsConnectorConfig.Builder b = DtlsConnectorConfig.builder(new Configuration());
        b.set(DtlsConfig.DTLS_ROLE, server ? DtlsConfig.DtlsRole.SERVER_ONLY : DtlsConfig.DtlsRole.CLIENT_ONLY);
        b.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
        b.setAddress(new InetSocketAddress("127.0.0.1", Integer.parseInt(
            args.getOrDefault(server ? "port" : "bind", "0"))));
        if (args.containsKey("suites"))
            b.setAsListFromText(DtlsConfig.DTLS_CIPHER_SUITES, args.get("suites").split(","));
        if (args.containsKey("psk")) {
            String[] psk = args.get("psk").split(":");
            byte[] key = new byte[psk[1].length() / 2];
            for (int i = 0; i < key.length; i++)
                key[i] = (byte) Integer.parseInt(psk[1].substring(2 * i, 2 * i + 2), 16);
            Names.key(b, psk[0], key);
        }
        if (args.containsKey("cert")) {
            X509Certificate own = certificate("cert");
            b.setCertificateIdentityProvider(new SingleCertificateProvider(
                key(own.getPublicKey().getAlgorithm()), new X509Certificate[] {own}, CertificateType.X_509));
        }
        if (args.containsKey("ca")) Names.trust(b, certificate("ca"));
        if (server)
            b.set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, args.containsKey("ca")
                ? CertificateAuthenticationMode.NEEDED : CertificateAuthenticationMode.NONE);
        if (args.containsKey("cid"))
            b.setConnectionIdGenerator(new SingleNodeConnectionIdGenerator(Integer.parseInt(args.get("cid"))));
        if ("0".equals(args.get("ems")))
            b.set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.NONE);
        if (args.containsKey("mtu"))
            b.set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, Integer.parseInt(args.get("mtu")) + 28);
        return b.build();
    }

    void receive(RawData raw) {
        if (server) {
            if (peer == null) say("connected", raw.getEndpointContext().get(DtlsEndpointContext.KEY_CIPHER));
            peer = raw.getInetSocketAddress();
            connector.send(RawData.outbound(raw.getBytes(), raw.getEndpointContext(), null, false));
        } else if (!Arrays.equals(raw.getBytes(), HELLO)) {
            messages.add(raw.getBytes());
        }
    }

    void start() throws Exception {
        connector = new DTLSConnector(configuration());
        connector.setRawDataReceiver(this::receive);
        connector.setAlertHandler((address, alert) -> {
            if (alert.getDescription() != AlertDescription.CLOSE_NOTIFY) return;
            ended.countDown();
            messages.add(END);
            if (server) { say("eof"); System.exit(0); }
        });
        connector.start();
    }

    void send(byte[] message, MessageCallback callback) {
        connector.send(RawData.outbound(message, new AddressEndpointContext(peer, "localhost", null),
            callback, false));
    }

    /** Begins a session; the program ends if it fails. */
    void connect() {
        LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
        send(HELLO, new MessageCallback() {
            public void onConnecting() {}
            public void onDtlsRetransmission(int flight) {}
            public void onSent() {}
            public void onContextEstablished(EndpointContext context) {
                said.add("connected " + context.get(DtlsEndpointContext.KEY_CIPHER));
            }
            public void onError(Throwable error) { said.add("failed " + error); }
        });
        String line = "failed: no end within 40 s";
        try { line = said.poll(40, TimeUnit.SECONDS); } catch (InterruptedException e) { }
        say(line);
        if (line == null || line.startsWith("failed")) System.exit(1);
    }

    String echo(int size) throws Exception {
        byte[] sent = new byte[size];
        for (int i = 0; i < size; i++) sent[i] = (byte) ('a' + (i + 12) % 26);
        messages.clear();
        send(sent, null);
        byte[] back = messages.poll(5, TimeUnit.SECONDS);
        if (back == null) return "silence";
        if (back == END) return "eof";
        return (Arrays.equals(sent, back) ? "echo " : "other ") + back.length;
    }

    void client() throws Exception {
        peer = new InetSocketAddress("127.0.0.1", Integer.parseInt(args.get("port")));
        start();
        connect();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null && !line.equals("close"); ) {
            if (line.startsWith("echo ")) say(echo(Integer.parseInt(line.substring(5))));
            else if (line.equals("wait")) say(ended.await(40, TimeUnit.SECONDS) ? "eof" : "failed: not closed");
            else if (line.equals("resume")) { connector.forceResumeSessionFor(peer); connect(); }
        }
        connector.close(peer);
        Thread.sleep(300);      // it closes in a thread of its own and tells nobody
        say("closed");
        System.exit(0);
    }

    void server() throws Exception {
        start();
        say("listening", connector.getAddress());
        System.in.read();
        connector.close(peer);
        say("closed");
        Thread.sleep(300);
        System.exit(0);
    }

    public static void main(String[] words) throws Exception {
        Peer program = new Peer(words);
        if (program.server) program.server();
        else program.client();
    }
}
