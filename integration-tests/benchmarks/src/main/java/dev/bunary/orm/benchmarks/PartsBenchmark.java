package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.query.QueryBuilder;
import dev.bunary.orm.registry.Connections;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.registry.LeaseSource;
import dev.bunary.orm.registry.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of the data path, each on its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1) // seconds: two processors share them with the compiler
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PartsBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Path file;
    private Orm orm;
    private Connections connections;
    private LeaseSource slot;
    private QueryBuilder hundred;

    /** Opens the database, and the engine a second time below the front door, where leases can be had. */
    @Setup
    public void open() throws IOException, SQLException {
        file = Files.createTempFile("parts", ".db");
        Files.delete(file);
        Database.create(file, 1_000);
        orm = Orm.create(BunaryOrm.config(file));
        orm.getDriver().query("SELECT 1").get();
        var timeouts = new Timeouts(PATIENCE, PATIENCE, PATIENCE);
        connections = DriverRegistry.shared().connect(timeouts);
        connections.configure(1, Map.of("memory", DatabaseConfig.of("sqlite", Map.of("path", ":memory:"))), timeouts);
        slot = connections.slot("memory");
        slot.acquire().release();
        hundred = orm.table("users").where("age", ">", 1).orderBy("id").limit(100);
    }

    @TearDown
    public void close() throws IOException {
        connections.close();
        orm.close();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + suffix));
        }
    }

    @Benchmark
    public DatabaseDriver getDriver() {
        return orm.getDriver();
    }

    @Benchmark
    public void lease() {
        slot.acquire().release();
    }

    @Benchmark
    @Threads(2)
    public void leaseOfTwoThreads() {
        slot.acquire().release();
    }

    /** The lease that a row reader of the caller takes. */
    @Benchmark
    public void pinnedLease() {
        Lease lease = slot.pin();
        lease.release();
    }

    /** The builder alone. */
    @Benchmark
    public QueryBuilder build() {
        return orm.table("users").where("age", ">", 18).orderBy("id").limit(100);
    }

    /** The builder, and its text from the cache. */
    @Benchmark
    public QueryBuilder.Sql buildAndCompile() {
        return orm.table("users").where("age", ">", 18).orderBy("id").limit(100).toSql();
    }

    @Benchmark
    public Optional<Row> findRow() {
        return orm.table("users").find(7);
    }

    @Benchmark
    public Optional<User> findObject() {
        return orm.table("users").as(BunaryOrm.USERS).find(7);
    }

    @Benchmark
    public List<Row> hundredRows() {
        return hundred.all();
    }

    @Benchmark
    public List<User> hundredObjects() {
        return hundred.as(BunaryOrm.USERS).all();
    }
}
