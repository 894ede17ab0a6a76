// SPDX-License-Identifier: Apache-2.0
import java.security.cert.X509Certificate;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.StaticCertificateVerifier;

/** What has another name in the other version. */
class Names {
    static void key(DtlsConnectorConfig.Builder builder, String identity, byte[] key) {
        builder.setPskStore(new SinglePskStore(identity, key));
    }

    static void trust(DtlsConnectorConfig.Builder builder, X509Certificate... anchors) {
        builder.setCertificateVerifier(StaticCertificateVerifier.builder().setTrustedCertificates(anchors).build());
    }
}
