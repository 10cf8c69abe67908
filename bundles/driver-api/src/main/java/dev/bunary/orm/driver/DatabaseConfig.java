package dev.bunary.orm.driver;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a driver needs to reach one database: a type and named properties. An immutable value; two configurations are
 * equal when type and all properties are, secrets included. {@link #toString} never shows a secret.
 *
 * @param type the database type, such as {@code sqlite}; decides which factory serves the connection
 * @param properties property names and values, neither null; copied, and ordered by name
 */
public record DatabaseConfig(String type, Map<String, String> properties) {
    private static final String REDACTED = "***";
    private static final String SECRET_WORD = "(?:pass|pw|secret|token|credential|auth|key|private|signature)";
    private static final Pattern SECRET_NAME = Pattern.compile("(?is).*" + SECRET_WORD + ".*");

    // A password may hold any separator, quoted or not. So what follows is hidden to the end, and user information to
    // the last @: rather too much than half a password.
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?is)(" + SECRET_WORD + "[\\w.-]*[\"'\\s]*[=:]).*");
    private static final Pattern USER_INFO = Pattern.compile("(?s)//.*@");
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("(?s):[^:/@]*/[^/].*@");

    // The same for what others may quote. Where a separator may end the secret or be in it, both readings are hidden.
    private static final List<Pattern> SECRETS_INSIDE = List.of(
            Pattern.compile("(?is)" + SECRET_WORD + "[\\w.-]*[\"'\\s]*[=:][\"'{\\s]*([^&;,#\\s\"'}]+)"),
            Pattern.compile("(?is)" + SECRET_WORD + "[\\w.-]*[\"'\\s]*[=:](.+)"),
            Pattern.compile("(?s)//[^:/@]*:(.+)@"),
            Pattern.compile("(?s)//[^:/@]*:([^@]+)@"),
            Pattern.compile("(?s):[^:/@]*/([^/].*)@"));

    /**
     * Checks and copies.
     *
     * @throws ConfigurationException if the type is blank, or a property's name or value is null
     */
    public DatabaseConfig {
        if (type == null || type.isBlank()) {
            throw new ConfigurationException("database configuration has no type; name one, such as 'sqlite'");
        }
        var copy = new TreeMap<String, String>();
        properties.forEach((name, value) -> {
            if (name == null || value == null) {
                throw new ConfigurationException("database configuration of type '" + type + "' has "
                        + (name == null ? "a property without a name" : "no value for property '" + name + "'")
                        + "; leave the property out or give it a value");
            }
            copy.put(name, value);
        });
        properties = Collections.unmodifiableMap(copy);
    }

    /**
     * Makes a configuration.
     *
     * @param type the database type
     * @param properties property names and values; copied
     * @return the configuration
     * @throws ConfigurationException as the constructor
     */
    public static DatabaseConfig of(String type, Map<String, String> properties) {
        return new DatabaseConfig(type, properties);
    }

    /**
     * A property that must be there.
     *
     * @param name the property
     * @return its value, not blank
     * @throws ConfigurationException if it is missing or blank; names the property
     */
    public String require(String name) {
        String value = properties.get(name);
        if (value == null || value.isBlank()) {
            throw new ConfigurationException("database configuration of type '" + type + "' has "
                    + (value == null ? "no" : "a blank") + " property '" + name + "'; set it to a value");
        }
        return value;
    }

    /**
     * A property that may be missing.
     *
     * @param name the property
     * @return its value, or empty
     */
    public Optional<String> find(String name) {
        return Optional.ofNullable(properties.get(name));
    }

    /** Type and properties for a log: secrets, also those inside a URL, are shown as {@code ***}. */
    @Override
    public String toString() {
        var text = new StringBuilder("DatabaseConfig[").append(type);
        properties.forEach(
                (name, value) -> text.append(", ").append(name).append('=').append(shown(name, value)));
        return text.append(']').toString();
    }

    /**
     * A text without this configuration's secrets: for messages of others, such as a driver that quotes its password or
     * its whole URL.
     *
     * @param text any text
     * @return the text, in which the values of secret properties, and secrets inside a URL, are shown as {@code ***}
     */
    public String redact(String text) {
        String redacted = text;
        for (String secret : secrets()) {
            redacted = redacted.replace(secret, REDACTED);
        }
        return redacted;
    }

    /** The longest first, as one may be part of another. */
    private List<String> secrets() {
        return properties.entrySet().stream()
                .flatMap(property -> SECRET_NAME.matcher(property.getKey()).matches()
                        ? Stream.of(property.getValue())
                        : secretsInside(property.getValue()))
                .filter(secret -> !secret.isBlank())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    private static Stream<String> secretsInside(String value) {
        return SECRETS_INSIDE.stream()
                .flatMap(secret -> secret.matcher(value).results())
                .map(found -> found.group(1));
    }

    private static String shown(String name, String value) {
        if (SECRET_NAME.matcher(name).matches()) {
            return REDACTED;
        }
        String masked = SECRET_PARAMETER.matcher(value).replaceAll("$1" + REDACTED);
        masked = USER_INFO.matcher(masked).replaceAll("//" + REDACTED + "@");
        return USER_AND_PASSWORD.matcher(masked).replaceAll(":" + REDACTED + "@");
    }
}
