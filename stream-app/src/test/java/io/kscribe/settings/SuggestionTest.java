package io.kscribe.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    @ParameterizedTest
    @CsvSource({
        "port,port,0",
        "prot,port,1",
        "prt,port,1",
        "sport,port,1",
        "pork,port,1",
        "'',port,4",
        "ca,abc,3",
        "abcd,badc,2"
    })
    void shouldCountChanges(String from, String to, int changes) {
        assertThat(Suggestion.distance(from, to)).isEqualTo(changes);
        assertThat(Suggestion.distance(to, from)).isEqualTo(changes);
    }

    @Test
    void shouldFindWhatIsNearest() {
        List<String> names = List.of("term", "terms", "timeout");

        assertThat(Suggestion.of("termss", names, 2)).contains("terms");
        assertThat(Suggestion.of("tern", names, 2)).contains("term");
        assertThat(Suggestion.of("colour", names, 2)).isEmpty();
    }
}
