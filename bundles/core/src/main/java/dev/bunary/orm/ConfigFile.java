package dev.bunary.orm;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an {@link OrmConfig} from a properties file; the format is described at {@link OrmConfig#load}. */
final class ConfigFile {
    private static final Pattern CONNECTION = Pattern.compile("connection\\.([^.]+)\\.(.+)");
    private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})(ms|s)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]*)}");

    private final Path file;
    private final Map<String, String> environment;
    private final Map<String, Map<String, String>> connections = new TreeMap<>();
    private final Map<String, Duration> timeouts = new TreeMap<>();

    private ConfigFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    static OrmConfig read(Path file, Map<String, String> environment) {
        var reading = new ConfigFile(file, environment);
        reading.properties().forEach((key, value) -> reading.take((String) key, (String) value));
        return reading.config();
    }

    private Properties properties() {
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) { // the latter for a malformed u escape
            throw new ConfigurationException(
                    "configuration file " + file + " cannot be read (" + unreadable
                            + "); name a properties file in UTF-8",
                    unreadable);
        }
        return properties;
    }

    private void take(String key, String raw) {
        Matcher connection = CONNECTION.matcher(key);
        String value = expanded(key, raw.strip());
        if (connection.matches()) {
            connections
                    .computeIfAbsent(connection.group(1), name -> new TreeMap<>())
                    .put(connection.group(2), value);
        } else if (key.equals("acquireTimeout") || key.equals("drainTimeout") || key.equals("openTimeout")) {
            timeouts.put(key, timeout(key, value));
        } else {
            throw wrong("key '" + key + "' is unknown; known are connection.NAME.type, connection.NAME.PROPERTY,"
                    + " acquireTimeout, drainTimeout and openTimeout");
        }
    }

    private String expanded(String key, String value) {
        Matcher variable = VARIABLE.matcher(value);
        return variable.replaceAll(found -> {
            String name = found.group(1);
            String content = environment.get(name);
            if (content == null) {
                throw wrong("key '" + key + "' names the environment variable '" + name + "', which is not set");
            }
            return Matcher.quoteReplacement(content);
        });
    }

    private Duration timeout(String key, String value) {
        Matcher timeout = TIMEOUT.matcher(value);
        if (!timeout.matches()) {
            throw wrong("key '" + key + "' is '" + value + "'; write a number with ms or s, such as 500ms");
        }
        long number = Long.parseLong(timeout.group(1));
        return timeout.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }

    private OrmConfig config() {
        var databases = new TreeMap<String, DatabaseConfig>();
        connections.forEach((name, properties) -> {
            String type = properties.remove("type");
            if (type == null) {
                throw wrong("connection '" + name + "' has no type; add connection." + name + ".type");
            }
            databases.put(name, DatabaseConfig.of(type, properties));
        });
        var defaults = OrmConfig.DEFAULT_TIMEOUTS;
        return new OrmConfig(
                databases,
                timeouts.getOrDefault("acquireTimeout", defaults.acquire()),
                timeouts.getOrDefault("drainTimeout", defaults.drain()),
                timeouts.getOrDefault("openTimeout", defaults.open()));
    }

    private ConfigurationException wrong(String what) {
        return new ConfigurationException("configuration file " + file + ": " + what);
    }
}
