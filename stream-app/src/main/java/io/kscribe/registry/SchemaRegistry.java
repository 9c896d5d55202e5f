package io.kscribe.registry;

import io.apicurio.registry.resolver.config.SchemaResolverConfig;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A schema registry: makes serializers and deserializers that agree on schemas through it, as Confluent's and Apicurio's do.
 *
 * @param url of the registry or of its API, for instance {@code http://registry:8080} or {@code http://registry:8080/apis/registry/v3}
 * @param settings as Apicurio names them, for instance for TLS and tokens; kscribe's own needs win over them
 */
public record SchemaRegistry(String url, Map<String, String> settings) {
    /** What the names of Apicurio's settings begin with. */
    public static final String SETTINGS_PREFIX = "apicurio.registry.";

    /** The setting that names the registry. */
    public static final String URL_SETTING = SchemaResolverConfig.REGISTRY_URL;

    private static final String API = "/apis/registry/v3";

    public SchemaRegistry {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("'" + url + "' is not the URL of a schema registry.", malformed);
        }
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                    "'" + url + "' is not the URL of a schema registry; expected for instance http://host:8080.");
        }
        if (uri.getPath().isEmpty() || uri.getPath().equals("/")) {
            url = uri.resolve(API).toString();
        }
        settings = Map.copyOf(settings);
    }

    /**
     * Writes records in the registry's format. The first one of a topic registers its schema as the version of {@code TOPIC-value} that it is.
     * Safe for use by several threads; closed by the caller.
     */
    public <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
        return new RegistrySerializer<>(this, type.getSimpleName());
    }

    /**
     * Reads records in the registry's format. Safe for use by several threads; closed by the caller.
     *
     * @param others reads what is not in the registry's format; closed with this
     */
    public <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type, Deserializer<T> others) {
        return new RegistryDeserializer<>(this, type.getSimpleName(), others);
    }

    Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>(settings);
        config.put(URL_SETTING, url);
        config.putIfAbsent(SchemaResolverConfig.AUTO_REGISTER_ARTIFACT, true);
        // What is known stays usable while the registry is away.
        config.putIfAbsent(SchemaResolverConfig.FAULT_TOLERANT_REFRESH, true);
        // A schema is registered whole, not in parts that refer to one another: not every client follows references.
        config.put(SchemaResolverConfig.DEREFERENCE_SCHEMA, true);
        config.put(SchemaResolverConfig.HTTP_ADAPTER, "JDK");
        config.put(AvroSerdeConfig.AVRO_DATUM_PROVIDER, ContractDatumProvider.class);
        return config;
    }
}
