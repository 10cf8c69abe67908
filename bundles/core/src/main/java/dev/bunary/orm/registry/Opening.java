package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one driver: claim its engine, create it, prove that it can query. Runs on a thread of its own, because
 * a factory may hang; whoever waits for it may give up, and the driver that comes too late is closed.
 */
final class Opening {
    private final Assignment assignment;
    private final EngineClaims claims;
    private final Deadline deadline;
    private final Deadline patience;

    /** For which work in flight it is, which may need a factory that has left; null if for anybody. */
    private final @Nullable OwnDriver own;

    private volatile @Nullable DriverFailure failure;
    private volatile boolean told;
    private volatile boolean givenUp;

    Opening(Assignment assignment, EngineClaims claims, Timeouts timeouts, @Nullable OwnDriver own) {
        this.assignment = assignment;
        this.claims = claims;
        this.own = own;
        this.deadline = Deadline.in(timeouts.open());
        this.patience = own == null
                ? Deadline.in(timeouts.drain()).plus(Duration.ofSeconds(1))
                : Deadline.in(Duration.ZERO); // who has the engine may wait for that very work
    }

    Candidate candidate() {
        return assignment.candidate();
    }

    DatabaseConfig config() {
        return assignment.config();
    }

    Deadline deadline() {
        return deadline;
    }

    /** Whether the same again may end otherwise: not with a wrong configuration. */
    boolean isWorthATry() {
        return failure != null && !(failure.cause() instanceof ConfigurationException);
    }

    /** No other factory is tried instead, so whoever waits is to be told of the failure. */
    void tellFailure() {
        told = true;
    }

    /** What is to be told to whoever waits; null if nothing is, or it has not been judged yet. */
    @Nullable
    DriverFailure toldFailure() {
        return told ? failure : null;
    }

    /** Nobody wants it any more: what waits for an engine stops waiting, once the claims are woken. */
    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Why there is no driver; null if there is one, or may still be. */
    @Nullable
    DriverFailure failure() {
        return failure;
    }

    /** Starts it. How it ends, with a driver or without, is told once, on the opening's thread. */
    void start(BiConsumer<@Nullable Generation, @Nullable DriverFailure> ended) {
        ShortLivedThread.start("bunary-open-" + assignment.connection(), () -> run(ended));
    }

    private void run(BiConsumer<@Nullable Generation, @Nullable DriverFailure> ended) {
        Candidate candidate = assignment.candidate();
        if (!candidate.beginOpening(own != null)) {
            failure = DriverFailure.of(departed(), assignment.config());
            ended.accept(null, failure);
            return;
        }
        Generation opened = null;
        try {
            opened = open();
        } catch (Throwable broken) { // also a LinkageError of a driver whose bundle just went
            failure = DriverFailure.of(broken, assignment.config());
        } finally {
            candidate.endOpening();
        }
        ended.accept(opened, failure);
    }

    private Generation open() {
        if (isTooLate()) {
            throw departed();
        }
        Candidate candidate = assignment.candidate();
        DatabaseConfig config = assignment.config();
        DriverFactory factory = candidate.factory();
        boolean exclusive = factory.swapStrategy(config) != SwapStrategy.OVERLAP; // also where it gives none
        boolean holdsData = factory.holdsData(config);
        if (holdsData && own != null) {
            throw new IllegalStateException("its data would go with this work");
        }
        // data that lives in the driver is in no file that a second copy of the engine could reach
        Runnable giveClaimBack = exclusive && !holdsData
                ? claims.claim(
                        factory.engine(config),
                        factory.engineCopy(config),
                        candidate.toString(),
                        patience,
                        this::isTooLate)
                : () -> {};
        DatabaseDriver driver = null;
        Generation generation;
        try {
            if (isTooLate()) { // while it waited
                throw departed();
            }
            driver = factory.create(config);
            if (driver == null) {
                throw new IllegalStateException("create() of " + candidate + " returned null instead of a driver");
            }
            driver.query(driver.dialect().validation()).all();
            generation = new Generation(
                    assignment, driver, exclusive, holdsData, Set.copyOf(factory.tuningProperties()), giveClaimBack);
            if (own != null) {
                own.receive(generation);
            }
            if (!candidate.enter(generation, own != null)) {
                throw departed();
            }
        } catch (Throwable failure) {
            if (closeBroken(driver, failure)) {
                giveClaimBack.run(); // otherwise it may be open still, and a second copy must not come beside it
            }
            throw failure;
        }
        if (own != null && !own.within().join(generation)) {
            generation.close();
            throw departed();
        }
        return generation;
    }

    private boolean isTooLate() {
        return givenUp
                || (own == null
                        ? assignment.candidate().hasDeparted()
                        : own.within().isClosing());
    }

    /** Returns whether nothing is open any more. */
    private static boolean closeBroken(@Nullable DatabaseDriver driver, Throwable failure) {
        if (driver == null) {
            return true;
        }
        try {
            driver.close();
            return true;
        } catch (Throwable second) {
            failure.addSuppressed(second);
            return false;
        }
    }

    private IllegalStateException departed() {
        return new IllegalStateException(assignment.candidate() + " or its connection left while it opened a driver");
    }
}
