package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that has been read to its end and is a bundle.
 *
 * @param file where it is
 * @param symbolicName the bundle's name
 * @param version the bundle's version
 * @param singleton whether only one version of it can be resolved
 * @param fragment whether it is a part of another bundle and so is not started
 * @param manifest its manifest
 * @param digest tells its content from another's
 */
record BundleJar(
        Path file,
        String symbolicName,
        Version version,
        boolean singleton,
        boolean fragment,
        Manifest manifest,
        String digest) {

    /** Reads every entry, so that a truncated or damaged file is noticed before a framework sees it. */
    static BundleJar read(Path file) throws RejectedJarException {
        Manifest manifest = readAll(file);
        Attributes headers = manifest.getMainAttributes();
        if (!"2".equals(headers.getValue(Constants.BUNDLE_MANIFESTVERSION))) {
            throw new RejectedJarException("it is no OSGi bundle: its manifest has no Bundle-ManifestVersion 2");
        }
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        String[] clauses = name == null ? new String[0] : name.split(";");
        if (clauses.length == 0 || clauses[0].isBlank()) {
            throw new RejectedJarException("it is no OSGi bundle: its manifest has no Bundle-SymbolicName");
        }
        return new BundleJar(
                file,
                clauses[0].strip(),
                version(headers),
                isSingleton(clauses),
                headers.getValue(Constants.FRAGMENT_HOST) != null,
                manifest,
                digest(file));
    }

    /** Name and version for a line of output. */
    @Override
    public String toString() {
        return symbolicName + " " + version;
    }

    private static Manifest readAll(Path file) throws RejectedJarException {
        try (var jar = new JarFile(file.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                readEntry(jar, entry);
            }
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new RejectedJarException("it is no OSGi bundle: it has no manifest");
            }
            return manifest;
        } catch (IOException | SecurityException broken) {
            throw new RejectedJarException("it is no complete jar: " + broken.getMessage(), broken);
        }
    }

    private static void readEntry(JarFile jar, JarEntry entry) throws IOException {
        var checksum = new CRC32();
        try (var content = new CheckedInputStream(jar.getInputStream(entry), checksum)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        if (entry.getCrc() != -1 && entry.getCrc() != checksum.getValue()) {
            throw new IOException("entry " + entry.getName() + " is damaged");
        }
    }

    private static Version version(Attributes headers) throws RejectedJarException {
        String version = headers.getValue(Constants.BUNDLE_VERSION);
        try {
            return Version.parseVersion(version);
        } catch (IllegalArgumentException wrong) {
            throw new RejectedJarException("its Bundle-Version '" + version + "' is no version", wrong);
        }
    }

    private static boolean isSingleton(String[] clauses) {
        for (String clause : clauses) {
            if (clause.replace(" ", "").replace("\"", "").equals(Constants.SINGLETON_DIRECTIVE + ":=true")) {
                return true;
            }
        }
        return false;
    }

    private static String digest(Path file) throws RejectedJarException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException broken) {
            throw new RejectedJarException("it cannot be read: " + broken.getMessage(), broken);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
