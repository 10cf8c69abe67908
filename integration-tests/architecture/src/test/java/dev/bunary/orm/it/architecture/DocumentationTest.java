package dev.bunary.orm.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public or protected type and member of an exported package is documented, by the JDK's own doc check. */
final class DocumentationTest {
    private static final Path BUNDLES =
            Path.of(System.getProperty("project.root"), "bundles").normalize();

    @TempDir
    private Path classes;

    @Test
    void exportedPackages_haveDocumentationThatTheJdkAccepts() throws IOException {
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var output = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            compiler.getTask(output, files, diagnostics, options(), null, files.getJavaFileObjectsFromPaths(sources()))
                    .call();
        }
        var complaints = diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getCode().contains("doc.comments")
                        || diagnostic.getCode().contains("proc.messager")
                        || diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .filter(diagnostic -> !isParameterOfACompactConstructor(diagnostic))
                .map(diagnostic -> place(diagnostic) + ": " + diagnostic.getMessage(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining("\n"));
        assertEquals("", complaints + output, "the JDK's doc check complains");
    }

    @Test
    void check_whenACommentIsMissing_complains() throws IOException {
        Path source = classes.resolve("Undocumented.java");
        Files.writeString(source, "package sample;\n\npublic interface Undocumented {\n    int value();\n}\n");
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            var options = List.of("-proc:none", "-Xdoclint:all/protected", "-d", classes.toString());
            compiler.getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(source))
                    .call();
        }
        assertTrue(
                diagnostics.getDiagnostics().stream()
                        .anyMatch(
                                diagnostic -> diagnostic.getMessage(Locale.ROOT).contains("no comment")),
                () -> "the check this test relies on says nothing: " + diagnostics.getDiagnostics());
    }

    private List<String> options() {
        String exported = String.join(",", exportedPackages());
        return List.of(
                "-proc:none",
                "-Xmaxwarns",
                "10000",
                "-Xdoclint:all/protected",
                "-Xdoclint/package:" + exported,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString());
    }

    private static TreeSet<String> exportedPackages() {
        var exported = ShippedClasses.ALL.stream()
                .filter(ShippedClasses::isExported)
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(exported.contains("dev.bunary.orm"), () -> "exported packages seen: " + exported);
        assertTrue(exported.contains("dev.bunary.orm.driver"), () -> "exported packages seen: " + exported);
        return exported;
    }

    /** All bundles are compiled in one go on the class path, so their module descriptors stay out. */
    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(BUNDLES)) {
            return files.filter(file -> BUNDLES.relativize(file)
                            .toString()
                            .replace('\\', '/')
                            .matches("[^/]+/src/main/java/.+\\.java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .toList();
        }
    }

    /** Its parameters are the record's components, which are documented there. */
    private static boolean isParameterOfACompactConstructor(Diagnostic<? extends JavaFileObject> diagnostic) {
        if (diagnostic.getSource() == null
                || !diagnostic.getMessage(Locale.ROOT).startsWith("no @param for ")) {
            return false;
        }
        try {
            String line = Files.readAllLines(Path.of(diagnostic.getSource().toUri()))
                    .get((int) diagnostic.getLineNumber() - 1);
            return line.matches("\\s*(public|protected) \\w+ \\{");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String place(Diagnostic<? extends JavaFileObject> diagnostic) {
        JavaFileObject source = diagnostic.getSource();
        return source == null ? "" : source.getName() + ":" + diagnostic.getLineNumber();
    }
}
