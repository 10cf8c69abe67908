package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks into a drop-in folder twice a second and applies what has changed, until it is closed. */
final class DropFolderThread implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final DropFolder folder;
    private final Deployment deployment;
    private final Consumer<String> out;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "bunary-drivers");

    DropFolderThread(Path folder, Deployment deployment, Consumer<String> out) {
        this.folder = new DropFolder(folder);
        this.deployment = deployment;
        this.out = out;
        thread.setDaemon(true);
    }

    /** Applies what is in the folder already, on this thread, then starts to watch. */
    void start() throws IOException, InterruptedException {
        deployment.apply(folder.look());
        deployment.apply(folder.look());
        thread.start();
    }

    /** Ends the watch after the change it is in. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        String lastProblem = "";
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                lastProblem = lookOnce(lastProblem);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The watch survives whatever goes wrong with one change; a problem that lasts is told once. */
    private String lookOnce(String lastProblem) throws InterruptedException {
        try {
            deployment.apply(folder.look());
            return "";
        } catch (IOException | RuntimeException failure) {
            String problem = "drivers folder: " + failure;
            if (!problem.equals(lastProblem)) {
                out.accept(problem);
            }
            return problem;
        }
    }
}
