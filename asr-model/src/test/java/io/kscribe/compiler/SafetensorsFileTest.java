package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.ModelException;
import io.kscribe.testing.SafetensorsWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void setUp() {
        file = directory.resolve("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16"})
    void shouldReadTensorsOfEveryType(String type) throws Exception {
        new SafetensorsWriter(type)
                .tensor("matrix", new float[] {1, -0.5f, 0, 96, 0x1p-8f, -1.5f}, 2, 3)
                .tensor("scalar", new float[] {-0x1p-14f})
                .tensor("empty", new float[0], 0, 3)
                .write(file);
        SafetensorsFile opened = SafetensorsFile.open(file);
        assertThat(opened.names()).containsExactly("matrix", "scalar", "empty");
        assertThat(opened.tensor("matrix").shape()).containsExactly(2, 3);
        assertThat(opened.tensor("matrix").read().values()).containsExactly(1, -0.5f, 0, 96, 0x1p-8f, -1.5f);
        assertThat(opened.tensor("scalar").read().values()).containsExactly(-0x1p-14f);
        assertThat(opened.tensor("scalar").shape()).isEmpty();
        assertThat(opened.tensor("empty").read().values()).isEmpty();
    }

    @Test
    void shouldReadATensorOfMoreThanAChunk() throws Exception {
        float[] values = new float[1_000_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        new SafetensorsWriter("F32").tensor("long", values, values.length).write(file);
        assertThat(SafetensorsFile.open(file).tensor("long").read().values()).isEqualTo(values);
    }

    @Test
    void shouldReadATensorBeyondFourGigabytes() throws Exception {
        long begin = 5_000_000_000L;
        byte[] header = """
                {"far": {"dtype": "F32", "shape": [2], "data_offsets": [%d, %d]}}""".formatted(begin, begin + 8).getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer numbers = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(start.putLong(header.length).put(header).array());
            sparse.seek(start.capacity() + begin);
            sparse.write(numbers.putFloat(3).putFloat(-4).array());
        }
        assertThat(SafetensorsFile.open(file).tensor("far").read().values()).containsExactly(3, -4);
    }

    @Test
    void shouldRefuseATensorOfAnotherTypeOnlyWhenItIsRead() throws Exception {
        SafetensorsWriter.write(file, """
                {"step": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}""", new byte[8]);
        TensorSource step = SafetensorsFile.open(file).tensor("step");
        assertThat(step.shape()).containsExactly(1);
        assertThatThrownBy(step::read)
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'step' in " + file + " is of type I64; F32, F16 and BF16 are read");
    }

    @Test
    void shouldNameTheTensorThatIsMissing() throws Exception {
        new SafetensorsWriter("F32").write(file);
        SafetensorsFile opened = SafetensorsFile.open(file);
        assertThatThrownBy(() -> opened.tensor("x"))
                .isInstanceOf(ModelException.class)
                .hasMessage(file + " has no tensor 'x'");
    }

    @Test
    void shouldNameTheTensorThatATornFileEndsIn() throws Exception {
        new SafetensorsWriter("F32")
                .tensor("whole", new float[2], 2)
                .tensor("torn", new float[4], 4)
                .write(file);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'torn' in " + file
                        + " is torn: its data_offsets are [8,24], the file holds 23 bytes of data");
    }

    @Test
    void shouldNameTheTensorWhenTheFileShrinksAfterItWasOpened() throws Exception {
        new SafetensorsWriter("F32").tensor("torn", new float[4], 4).write(file);
        TensorSource tensor = SafetensorsFile.open(file).tensor("torn");
        try (RandomAccessFile shrinking = new RandomAccessFile(file.toFile(), "rw")) {
            shrinking.setLength(shrinking.length() - 5);
        }
        assertThatThrownBy(tensor::read)
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'torn' in " + file + " is torn: the file ends at byte " + Files.size(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"x": 1}                                                               | 1
            {"x": {"shape": [1], "data_offsets": [0, 4]}}                          | {"shape":[1],"data_offsets":[0,4]}
            {"x": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}        | {"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}
            {"x": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}         | {"dtype":"F32","shape":[-1],"data_offsets":[0,4]}
            {"x": {"dtype": "F32", "shape": {}, "data_offsets": [0, 4]}}           | {"dtype":"F32","shape":{},"data_offsets":[0,4]}
            {"x": {"dtype": "F32", "shape": [3000000000], "data_offsets": [0, 4]}} | {"dtype":"F32","shape":[3000000000],"data_offsets":[0,4]}
            {"x": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}             | {"dtype":"F32","shape":[1],"data_offsets":[0]}
            {"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 1e1]}}        | {"dtype":"F32","shape":[1],"data_offsets":[0,10.0]}
            """)
    void shouldRefuseADescriptionThatIsNone(String header, String said) throws Exception {
        SafetensorsWriter.write(file, header, new byte[4]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'x' in " + file + " is described by " + said
                        + ", expected a \"dtype\", a \"shape\" and two \"data_offsets\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            F32  | [1]              | [-4, 0] | is torn: its data_offsets are [-4,0], the file holds 4 bytes of data
            F32  | [1]              | [4, 0]  | is torn: its data_offsets are [4,0], the file holds 4 bytes of data
            F32  | [1]              | [1, 5]  | is torn: its data_offsets are [1,5], the file holds 4 bytes of data
            I64  | [1]              | [0, 8]  | is torn: its data_offsets are [0,8], the file holds 4 bytes of data
            F32  | [2]              | [0, 4]  | is torn: [2] numbers of type F32 take 8 bytes, its data_offsets give 4
            BF16 | [2, 2]           | [0, 4]  | is torn: [2,2] numbers of type BF16 take 8 bytes, its data_offsets give 4
            F16  | [65536, 65536]   | [0, 4]  | has more than 2147483647 numbers
            """)
    void shouldRefuseATensorThatDoesNotFitItsPlace(String type, String shape, String offsets, String fault)
            throws Exception {
        String header =
                "{\"x\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}".formatted(type, shape, offsets);
        SafetensorsWriter.write(file, header, new byte[4]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'x' in " + file + " " + fault);
    }

    @Test
    void shouldRefuseAFileTooShortForALength() throws Exception {
        Files.write(file, new byte[5]);
        assertRefused("it has 5 bytes, the length of its header alone takes 8");
    }

    @Test
    void shouldRefuseAHeaderBeyondTheLimit() throws Exception {
        assertThat(SafetensorsFile.LONGEST_HEADER_BYTES).isEqualTo(100_000_000);
        Files.write(file, bytes(100_000_001));
        assertRefused("its header would take 100000001 bytes, the limit is 100000000");
        Files.write(file, bytes(-1));
        assertRefused("its header would take 18446744073709551615 bytes, the limit is 100000000");
    }

    @Test
    void shouldRefuseAHeaderLongerThanTheFile() throws Exception {
        Files.write(file, bytes(9));
        assertRefused("its header ends at byte 17, the file has 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", " {}"})
    void shouldRefuseAHeaderThatIsNoObject(String header) throws Exception {
        SafetensorsWriter.write(file, header);
        assertRefused("its header does not begin with a brace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\": ", "{} {}", "{\"__metadata__\": {}, \"__metadata__\": {}}"})
    void shouldRefuseAHeaderThatIsNotOneJsonObject(String header) throws Exception {
        SafetensorsWriter.write(file, header);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file + " is no whole safetensors file: its header is not JSON: ");
    }

    @Test
    void shouldTakeAHeaderPaddedWithBlanks() throws Exception {
        SafetensorsWriter.write(file, "{}      ");
        assertThat(SafetensorsFile.open(file).names()).isEmpty();
    }

    private static byte[] bytes(long length) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelException.class)
                .hasMessage(file + " is no whole safetensors file: " + why);
    }
}
