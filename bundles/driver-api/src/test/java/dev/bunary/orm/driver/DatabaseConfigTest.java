package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseConfigTest {
    private static final String SECRET = "s3cr3t-9";

    @Test
    void redact_textWithASecret_hidesItAndNothingElse() {
        var config = DatabaseConfig.of("pg", Map.of("password", "s3cret", "token", " ", "user", "ada"));
        assertEquals("login of ada with *** failed", config.redact("login of ada with s3cret failed"));
    }

    @Test
    void redact_textThatQuotesASecretOutOfAUrl_hidesIt() {
        for (String url : urlsWithSecret()) {
            var config = DatabaseConfig.of("pg", Map.of("url", url));
            assertHidden(config.redact("no connection to " + url + " in time"));
        }
        var config =
                DatabaseConfig.of("pg", Map.of("url", "jdbc:pg://ann:" + SECRET + "@host/shop?token=t0k3n&ssl=true"));
        assertEquals("ann and *** and *** by ssl", config.redact("ann and " + SECRET + " and t0k3n by ssl"));
    }

    private static void assertHidden(String shown) {
        assertFalse(shown.contains(SECRET), shown);
        for (String part : SECRET.split("-")) {
            assertFalse(shown.contains(part), shown);
        }
        assertTrue(shown.contains("***"), shown);
    }

    @Test
    void equals_sameTypeAndProperties_whateverTheirOrder() {
        var one = new LinkedHashMap<String, String>();
        one.put("path", "a.db");
        one.put("user", "ann");
        var other = new LinkedHashMap<String, String>();
        other.put("user", "ann");
        other.put("path", "a.db");
        assertEquals(DatabaseConfig.of("sqlite", one), DatabaseConfig.of("sqlite", other));
        assertEquals(
                DatabaseConfig.of("sqlite", one).hashCode(),
                DatabaseConfig.of("sqlite", other).hashCode());
        assertEquals(
                DatabaseConfig.of("sqlite", one).toString(),
                DatabaseConfig.of("sqlite", other).toString());
    }

    @Test
    void equals_otherTypePropertyOrSecret_isFalse() {
        var config = DatabaseConfig.of("postgres", Map.of("url", "x", "password", "one"));
        assertNotEquals(config, DatabaseConfig.of("mariadb", config.properties()));
        assertNotEquals(config, DatabaseConfig.of("postgres", Map.of("url", "y", "password", "one")));
        assertNotEquals(config, DatabaseConfig.of("postgres", Map.of("url", "x", "password", "two")));
        assertNotEquals(config, DatabaseConfig.of("postgres", Map.of("url", "x")));
    }

    @Test
    void properties_sourceChangedLater_stayAsTheyWere() {
        var source = new HashMap<>(Map.of("path", "a.db"));
        var config = DatabaseConfig.of("sqlite", source);
        source.put("path", "b.db");
        source.put("more", "x");
        assertEquals(Map.of("path", "a.db"), config.properties());
        assertThrows(
                UnsupportedOperationException.class, () -> config.properties().put("path", "b.db"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void of_typeMissingOrBlank_isAnError(String type) {
        var error = assertThrows(ConfigurationException.class, () -> DatabaseConfig.of(type, Map.of()));
        assertTrue(error.getMessage().contains("no type"), error.getMessage());
    }

    @Test
    void of_nullNameOrValue_isAnErrorThatShowsNoOtherValue() {
        var noValue = new HashMap<String, String>();
        noValue.put("path", null);
        var error = assertThrows(ConfigurationException.class, () -> DatabaseConfig.of("sqlite", noValue));
        assertTrue(error.getMessage().contains("'path'"), error.getMessage());

        var noName = new HashMap<String, String>();
        noName.put(null, SECRET);
        error = assertThrows(ConfigurationException.class, () -> DatabaseConfig.of("sqlite", noName));
        assertTrue(error.getMessage().contains("without a name"), error.getMessage());
        assertFalse(error.getMessage().contains(SECRET), error.getMessage());
    }

    @Test
    void require_thereOrMissingOrBlank_givesItOrNamesIt() {
        var config = DatabaseConfig.of("sqlite", Map.of("path", "a.db", "mode", " ", "password", SECRET));
        assertEquals("a.db", config.require("path"));
        var missing = assertThrows(ConfigurationException.class, () -> config.require("host"));
        assertTrue(missing.getMessage().contains("no property 'host'"), missing.getMessage());
        var blank = assertThrows(ConfigurationException.class, () -> config.require("mode"));
        assertTrue(blank.getMessage().contains("blank property 'mode'"), blank.getMessage());
        assertFalse((missing.getMessage() + blank.getMessage()).contains(SECRET));
    }

    @Test
    void find_thereOrMissing_givesItOrEmpty() {
        var config = DatabaseConfig.of("sqlite", Map.of("path", "a.db"));
        assertEquals(Optional.of("a.db"), config.find("path"));
        assertEquals(Optional.empty(), config.find("Path"));
    }

    @Test
    void toString_noSecret_showsEverything() {
        var config = DatabaseConfig.of(
                "postgres", Map.of("url", "jdbc:postgresql://host:5432/shop?ssl=true", "user", "ann"));
        assertEquals(
                "DatabaseConfig[postgres, url=jdbc:postgresql://host:5432/shop?ssl=true, user=ann]", config.toString());
        assertEquals(
                "DatabaseConfig[sqlite, path=/data/shop.db]",
                DatabaseConfig.of("sqlite", Map.of("path", "/data/shop.db")).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "Passwd",
                "passphrase",
                "db.password",
                "sslpassword",
                "pwd",
                "PW",
                "secret",
                "clientSecret",
                "token",
                "access_token",
                "apiKey",
                "api-key",
                "credentials",
                "authorization",
                "private",
                "line\nbreak.password"
            })
    void toString_secretName_isRedacted(String name) {
        String shown = DatabaseConfig.of("postgres", Map.of(name, SECRET)).toString();
        assertEquals("DatabaseConfig[postgres, " + name + "=***]", shown);
    }

    @Test
    void toString_secretInsideAUrl_isRedacted() {
        for (String url : urlsWithSecret()) {
            String shown = DatabaseConfig.of("postgres", Map.of("url", url)).toString();
            assertHidden(shown);
        }
    }

    private static List<String> urlsWithSecret() {
        var urls = new ArrayList<String>();
        // the secret with each separator that might end it too early
        for (String secret : List.of(
                SECRET,
                "s3cr3t/9",
                "s3cr3t@9",
                "s3cr3t 9",
                "s3cr3t,9",
                "s3cr3t;9",
                "s3cr3t&9",
                "s3cr3t:9",
                "s3cr3t\n9",
                "s3cr3t#9",
                "{s3cr3t;9}",
                "'s3cr3t 9'",
                "\"s3cr3t\"9\"",
                "s3cr3t=9")) {
            urls.add("jdbc:postgresql://host/shop?user=ann&password=" + secret);
            urls.add("jdbc:postgresql://host/shop?PassWord=" + secret + "&ssl=true");
            urls.add("jdbc:sqlserver://host;databaseName=shop;user=ann;password=" + secret + ";encrypt=true");
            urls.add("jdbc:mariadb://ann:" + secret + "@host:3306/shop");
            urls.add("mysql://ann:" + secret + "@host/shop?mail=a@b");
            urls.add("jdbc:oracle:thin:scott/" + secret + "@host:1521:shop");
            urls.add("jdbc:oracle:thin:scott/" + secret + "@//host:1521/shop");
            urls.add("host=h user=ann password = " + secret + " dbname=shop");
            urls.add("{\"user\": \"ann\", \"password\": \"" + secret + "\"}");
            urls.add("pwd=" + secret);
            urls.add("accessToken=" + secret);
            urls.add("sslkey.pem=" + secret);
        }
        return urls;
    }
}
