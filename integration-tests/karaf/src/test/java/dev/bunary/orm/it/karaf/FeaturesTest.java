package dev.bunary.orm.it.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the features file names, read without Karaf. */
final class FeaturesTest {
    private static Document features;

    @BeforeAll
    static void read() throws Exception {
        Path file = Jars.REPOSITORY.resolve("dev/bunary/bunary-orm-features/" + Jars.VERSION + "/bunary-orm-features-"
                + Jars.VERSION + "-features.xml");
        features = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    @Test
    void features_ofTheFile_areTheCoreAndOnePerDriver() {
        NodeList children = features.getDocumentElement().getChildNodes();
        List<String> names = IntStream.range(0, children.getLength())
                .mapToObj(children::item)
                .filter(node -> node.getNodeName().equals("feature"))
                .map(node -> node.getAttributes().getNamedItem("name").getTextContent())
                .toList();
        assertEquals(List.of("bunary-orm", "bunary-orm-driver-sqlite", "bunary-orm-driver-datasource"), names);
    }

    @Test
    void bundles_ofTheFeatures_areBundlesAsTheyArePublished() throws Exception {
        for (String location : bundles()) {
            // neither wrap: nor a URL of one machine
            assertTrue(location.startsWith("mvn:"), location);
            String[] parts = location.substring("mvn:".length()).split("/");
            Path jar = Jars.REPOSITORY
                    .resolve(parts[0].replace('.', '/'))
                    .resolve(parts[1])
                    .resolve(parts[2])
                    .resolve(parts[1] + "-" + parts[2] + ".jar");
            try (var file = new JarFile(jar.toFile())) {
                assertTrue(
                        file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName") != null,
                        () -> jar + " is no bundle");
            }
        }
    }

    @Test
    void bundles_ofTheFeatures_leaveLoggingToKaraf() {
        for (String location : bundles()) {
            assertFalse(location.contains("slf4j") || location.contains("log4j"), location);
        }
    }

    private static List<String> bundles() {
        NodeList nodes = features.getElementsByTagName("bundle");
        List<String> bundles = IntStream.range(0, nodes.getLength())
                .mapToObj(index -> nodes.item(index).getTextContent().strip())
                .toList();
        assertTrue(bundles.size() >= 5, bundles.toString());
        return bundles;
    }
}
