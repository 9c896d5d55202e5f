package io.kscribe.registry;

import io.apicurio.registry.serde.avro.AvroDatumProvider;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Reads and writes the contract's records by the model that their classes come with, whichever version of a schema a writer had: no class is
 * loaded because a schema names it. Made by Apicurio, by name.
 *
 * @param <T> the record's class
 */
public final class ContractDatumProvider<T extends SpecificRecord> implements AvroDatumProvider<T> {
    private static final Map<String, Class<? extends SpecificRecord>> RECORDS =
            Map.of("AudioChunk", AudioChunk.class, "Transcript", Transcript.class);

    /** Makes a provider. */
    public ContractDatumProvider() {}

    @Override
    public DatumWriter<T> createDatumWriter(T data, Schema schema) {
        return new SpecificDatumWriter<>(data.getSchema(), SpecificData.getForClass(data.getClass()));
    }

    @Override
    public DatumReader<T> createDatumReader(Schema written) {
        Class<? extends SpecificRecord> type = RECORDS.get(written.getName());
        if (type == null) {
            throw new SerializationException("expected a schema of " + String.join(" or ", RECORDS.keySet())
                    + ", but it is of " + written.getFullName() + ".");
        }
        SpecificData model = SpecificData.getForClass(type);
        return new SpecificDatumReader<>(written, model.getSchema(type), model);
    }

    @Override
    public Schema toSchema(T data) {
        return data.getSchema();
    }
}
