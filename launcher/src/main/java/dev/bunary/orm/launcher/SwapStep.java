package dev.bunary.orm.launcher;

import java.io.IOException;
import org.osgi.framework.BundleException;

/** A swap as the framework's API has it. */
@FunctionalInterface
interface SwapStep {
    void run() throws IOException, BundleException, InterruptedException;

    /** For who knows nothing of frameworks; a failure is one line for the user. */
    static Runnable runnable(SwapStep step) {
        return () -> {
            try {
                step.run();
            } catch (IOException | BundleException failure) {
                throw new LauncherException("a swap ended in an error: " + failure.getMessage(), failure);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new LauncherException("a swap was interrupted", stop);
            }
        };
    }
}
