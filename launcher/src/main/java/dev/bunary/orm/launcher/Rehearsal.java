package dev.bunary.orm.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.namespace.AbstractWiringNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/**
 * Tells whether all that is resolved now would still resolve with a jar installed or in another bundle's place. It tries
 * that with manifests only, in a second framework that is never started, so the running one does not notice.
 */
final class Rehearsal {
    private static final long LIMIT_MILLIS = 10_000;

    private final EmbeddedFramework running;

    Rehearsal(EmbeddedFramework running) {
        this.running = running;
    }

    /** Rejects the jar if it, or a bundle that is resolved now, would not resolve. */
    void check(BundleJar candidate, Optional<Bundle> replaced) throws RejectedJarException {
        try (var storage = TempFolder.create("bunary-rehearsal")) {
            Framework stage = EmbeddedFramework.create(storage.path(), Map.of());
            try {
                stage.init();
                rehearse(stage, candidate, replaced);
            } finally {
                stage.stop();
                stage.waitForStop(LIMIT_MILLIS);
            }
        } catch (IOException | BundleException failure) {
            throw new RejectedJarException("it is refused: " + failure.getMessage(), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RejectedJarException("the check was interrupted", stop);
        }
    }

    private void rehearse(Framework stage, BundleJar candidate, Optional<Bundle> replaced)
            throws IOException, BundleException, RejectedJarException {
        var needed = new ArrayList<Bundle>();
        for (Bundle bundle : running.context().getBundles()) {
            if (bundle.getBundleId() != 0 && !replaced.filter(bundle::equals).isPresent()) {
                Bundle standIn = install(stage, "bundle " + bundle.getBundleId(), headers(bundle));
                if (bundle.getState() != Bundle.INSTALLED) {
                    needed.add(standIn);
                }
            }
        }
        needed.add(0, install(stage, "candidate", candidate.manifest()));
        var wiring = stage.adapt(FrameworkWiring.class);
        wiring.resolveBundles(needed);
        for (Bundle bundle : needed) {
            if (bundle.getState() == Bundle.INSTALLED) {
                throw new RejectedJarException(problem(wiring, bundle, bundle == needed.get(0)));
            }
        }
    }

    private static String problem(FrameworkWiring wiring, Bundle bundle, boolean isCandidate) {
        String subject = isCandidate ? "it" : bundle.getSymbolicName() + " " + bundle.getVersion();
        List<String> missing = missing(wiring, bundle);
        return subject
                + (isCandidate ? " does not resolve" : " would no longer resolve")
                + (missing.isEmpty()
                        ? ": its requirements conflict"
                        : ": nothing provides " + String.join(", ", missing));
    }

    private static List<String> missing(FrameworkWiring wiring, Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredRequirements(null).stream()
                .filter(Rehearsal::isMandatory)
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .map(Rehearsal::shown)
                .toList();
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && !PackageNamespace.RESOLUTION_DYNAMIC.equals(
                        directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && Namespace.EFFECTIVE_RESOLVE.equals(directives.getOrDefault(
                        AbstractWiringNamespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE));
    }

    private static String shown(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        return requirement.getNamespace() + filter;
    }

    private static Manifest headers(Bundle bundle) {
        var manifest = new Manifest();
        var headers = bundle.getHeaders("");
        for (String name : Collections.list(headers.keys())) {
            manifest.getMainAttributes().putValue(name, headers.get(name));
        }
        return manifest;
    }

    private static Bundle install(Framework stage, String location, Manifest headers)
            throws BundleException, IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().putAll(headers.getMainAttributes());
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        // the libraries are not in the stand-in, and whether they fit shows when the bundle itself is installed
        manifest.getMainAttributes().keySet().removeIf(name -> name.toString().equals(Constants.BUNDLE_NATIVECODE));
        var jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        return stage.getBundleContext().installBundle(location, new ByteArrayInputStream(jar.toByteArray()));
    }
}
