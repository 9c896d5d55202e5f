package io.kscribe.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's key and its certificates.
 *
 * @param keys a key store with one key
 * @param password of the key in it
 */
public record TlsIdentity(KeyStore keys, String password) {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** Of a PKCS #8 key, which algorithm it is for is said inside; the JDK wants to be told. */
    private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};

    /**
     * From PEM files.
     *
     * @param certificates the server's certificate, then those that vouch for it
     * @param key its key, as PKCS #8 without a password
     * @throws IOException if a file cannot be read or is something else
     */
    public static TlsIdentity ofPem(Path certificates, Path key) throws IOException {
        try (InputStream in = Files.newInputStream(certificates)) {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new WebException(certificates + " has no certificate; expected PEM.");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", privateKey(key), new char[0], chain);
            return new TlsIdentity(store, "");
        } catch (GeneralSecurityException unusable) {
            throw new WebException(
                    "The certificates in " + certificates + " and the key in " + key + " cannot be used: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    /**
     * From a PKCS #12 file.
     *
     * @throws IOException if it cannot be read, is something else, or has another password
     */
    public static TlsIdentity ofPkcs12(Path file, String password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            return new TlsIdentity(store, password);
        } catch (GeneralSecurityException unusable) {
            throw new WebException(file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher key = PRIVATE_KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!key.find()) {
            throw new WebException(file + " has no key; expected PEM with BEGIN PRIVATE KEY (PKCS #8, no password).");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        GeneralSecurityException unusable = new InvalidKeySpecException("no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                unusable = another;
            }
        }
        throw new WebException(
                "The key in " + file + " is of a kind that is not known; expected RSA, EC or EdDSA.", unusable);
    }

    /** Says nothing about what it holds. */
    @Override
    public String toString() {
        return "TlsIdentity";
    }
}
