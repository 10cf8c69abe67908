package dev.bunary.orm.it.karaf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A Karaf just unpacked, and made fit for a test: it takes artifacts from the test's repository only, its shell listens
 * on a free port of 127.0.0.1 and lets a user of this run in, and it has no JMX, whose ports are fixed.
 *
 * @param path where it is
 * @param password of the user {@code karaf}
 */
record KarafFolder(Path path, String password) {
    private static final Path UNPACKED = Path.of(System.getProperty("karaf"));

    static KarafFolder unpackedIn(Path parent) throws IOException {
        var folder = new KarafFolder(
                parent.resolve(UNPACKED.getFileName()), UUID.randomUUID().toString());
        try (Stream<Path> files = Files.walk(UNPACKED)) {
            files.forEach(file -> copy(file, folder.path().resolve(UNPACKED.relativize(file))));
        }
        folder.takeFromTheRepositoryOnly();
        folder.listenOnLoopbackOnly();
        return folder;
    }

    Path etc(String file) {
        return path.resolve("etc").resolve(file);
    }

    void append(String file, String... lines) throws IOException {
        Files.writeString(etc(file), "\n" + String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
    }

    /** Has our features installed by the boot. */
    void boot(String... features) throws IOException {
        replace(
                "org.apache.karaf.features.cfg",
                "specs/4.4.10/xml/features",
                "specs/4.4.10/xml/features, \\\n    mvn:dev.bunary/bunary-orm-features/" + Jars.VERSION
                        + "/xml/features");
        replace(
                "org.apache.karaf.features.cfg",
                "kar/4.4.10",
                "kar/4.4.10, \\\n    " + String.join(", \\\n    ", features));
    }

    private void takeFromTheRepositoryOnly() throws IOException {
        append(
                "org.ops4j.pax.url.mvn.cfg",
                "org.ops4j.pax.url.mvn.repositories=",
                "org.ops4j.pax.url.mvn.offline=true",
                "org.ops4j.pax.url.mvn.localRepository=" + Jars.REPOSITORY);
    }

    private void listenOnLoopbackOnly() throws IOException {
        append(
                "users.properties",
                "karaf = " + password + ",_g_:test",
                "_g_\\:test = group,admin,manager,viewer,systembundles,ssh");
        replace("org.apache.karaf.shell.cfg", "sshHost = 0.0.0.0", "sshHost = 127.0.0.1");
        replace("org.apache.karaf.shell.cfg", "sshPort = 8101", "sshPort = " + freePort());
        replace("org.apache.karaf.features.cfg", "    management/4.4.10, \\\n", "");
    }

    private void replace(String file, String old, String now) throws IOException {
        String text = Files.readString(etc(file));
        assertTrue(text.contains(old), () -> file + " has no '" + old + "' to replace");
        Files.writeString(etc(file), text.replace(old, now));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
