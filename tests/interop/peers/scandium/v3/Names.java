// SPDX-License-Identifier: Apache-2.0
import java.security.cert.X509Certificate;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** What has another name in the other version. */
class Names {
    static void key(DtlsConnectorConfig.Builder builder, String identity, byte[] key) {
        builder.setAdvancedPskStore(new AdvancedSinglePskStore(identity, key));
    }

    static void trust(DtlsConnectorConfig.Builder builder, X509Certificate... anchors) {
        builder.setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder().setTrustedCertificates(anchors).build());
    }
}
