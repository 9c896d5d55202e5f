package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void shouldPassOnTheSentenceOfAForeseenFailure() {
        assertThat(Failures.sentence(new IOException("The disk is full."))).isEqualTo("The disk is full.");
        assertThat(Failures.sentence(new UncheckedIOException(new IOException("The disk is full."))))
                .isEqualTo("The disk is full.");
    }

    @Test
    void shouldMakeASentenceOfWhatTheFileSystemSays() {
        assertThat(Failures.sentence(new NoSuchFileException("a.wav"))).isEqualTo("There is no file a.wav.");
        assertThat(Failures.sentence(new AccessDeniedException("a.wav"))).isEqualTo("Not allowed to access a.wav.");
        assertThat(Failures.sentence(new FileSystemLoopException("a.wav")))
                .isEqualTo("Cannot access a.wav: file system loop.");
    }

    @Test
    void shouldSayWhatAnUnforeseenFailureWas() {
        assertThat(Failures.sentence(new IllegalStateException("queue is closed")))
                .isEqualTo("This should not have happened: illegal state: queue is closed (--verbose shows where).");
        assertThat(Failures.sentence(new StackOverflowError()))
                .isEqualTo("This should not have happened: stack overflow (--verbose shows where).");
    }

    @Test
    void shouldStayOnOneLine() {
        assertThat(Failures.sentence(new IOException("one\r\n  two\nthree\n"))).isEqualTo("one two three");
    }
}
