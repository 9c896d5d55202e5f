package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kscribe.gateway.CallEvent.Audio;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Say;
import io.kscribe.gateway.CallEvent.Silence;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions as the protocol's reference describes them: every message is numbered, and says what it has heard of the other side. */
class AudioHookConversationTest {
    private static final String STEREO =
            "[{\"type\":\"audio\",\"format\":\"PCMU\",\"channels\":[\"external\",\"internal\"],\"rate\":8000},"
                    + "{\"type\":\"audio\",\"format\":\"PCMU\",\"channels\":[\"external\"],\"rate\":8000}]";

    private final AudioHookConversation conversation =
            new AudioHookConversation(Protocol.AUDIOHOOK.roles(), "organization");
    private int seq;
    private int heard;

    @Test
    void shouldOpenWithBothChannelsAndSplitThem() {
        List<CallEvent> opened = open("call-1", STEREO, "{\"transcripts\":true}");

        CallStart start = ((Begin) opened.get(0)).start();
        assertThat(start.callId()).isEqualTo("call-1");
        assertThat(start.lines())
                .containsExactly(new CallStart.Line(0, Role.CUSTOMER), new CallStart.Line(1, Role.AGENT));
        assertThat(start.format().encoding()).isEqualTo(AudioEncoding.MULAW);
        JsonNode answer = said(opened.get(1));
        assertThat(answer.get("type").asText()).isEqualTo("opened");
        assertThat(answer.get("seq").asInt()).isEqualTo(1);
        assertThat(answer.get("clientseq").asInt()).isEqualTo(1);
        assertThat(answer.at("/parameters/media/0/channels")).hasSize(2);
        assertThat(conversation.wantsTranscripts()).contains("call-1");

        List<CallEvent> audio = conversation.bytes(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}));
        assertThat(audio).hasSize(2).allMatch(event -> event instanceof Audio);
        assertThat(((Audio) audio.get(0)).samples()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 3, 5}));
        assertThat(((Audio) audio.get(1)).samples()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 4, 6}));
    }

    @Test
    void shouldAnswerPingsAndCloses() {
        open("call-1", STEREO, "{}");
        heard = 1;

        JsonNode pong =
                said(conversation.text(message("ping", "{\"rtt\":\"PT0.1S\"}")).get(0));
        assertThat(pong.get("type").asText()).isEqualTo("pong");
        assertThat(pong.get("seq").asInt()).isEqualTo(2);
        heard = 2;
        assertThat(conversation.text(message("close", "{\"reason\":\"end\"}"))).hasOnlyElementsOfType(End.class);
        assertThat(said(conversation.finished().get(0)).get("type").asText()).isEqualTo("closed");
    }

    @Test
    void shouldPutSilenceInForWhatWasDiscarded() {
        open("call-1", STEREO, "{}");

        List<CallEvent> discarded =
                conversation.text(message("discarded", "{\"start\":\"PT1S\",\"discarded\":\"PT2.5S\"}"));

        assertThat(discarded)
                .containsExactly(new Silence(0, Duration.ofMillis(2500)), new Silence(1, Duration.ofMillis(2500)));
        assertThat(conversation.text(message("paused", "{}"))).isEmpty();
    }

    @Test
    void shouldAnswerAProbeAndHearNothingOfIt() {
        List<CallEvent> opened = open("00000000-0000-0000-0000-000000000000", STEREO, "{}");

        assertThat(opened).hasSize(1);
        assertThat(said(opened.get(0)).get("type").asText()).isEqualTo("opened");
        assertThat(conversation.bytes(ByteBuffer.wrap(new byte[6]))).isEmpty();
    }

    @Test
    void shouldDisconnectWhoDoesNotFollowTheProtocol() {
        open("call-1", STEREO, "{}");
        seq += 5;

        Refuse refusal = (Refuse) conversation.text(message("ping", "{}")).get(0);
        assertThat(refusal.sentence()).isEqualTo("seq is 7; expected 2.");
        List<CallEvent> broken = conversation.broken(new Trouble(Trouble.Kind.REFUSED, refusal.sentence()), 0);
        JsonNode answer = said(broken.get(0));

        assertThat(answer.get("type").asText()).isEqualTo("disconnect");
        assertThat(answer.at("/parameters/info").asText()).isEqualTo("seq is 7; expected 2.");
    }

    @Test
    void shouldDisconnectAnotherOrganization() {
        AudioHookConversation strict = new AudioHookConversation(List.of(), "another");

        JsonNode answer = said(
                strict.text(message("open", parameters("call-1", STEREO, "{}"))).get(0));

        assertThat(answer.at("/parameters/reason").asText()).isEqualTo("unauthorized");
    }

    private List<CallEvent> open(String call, String media, String custom) {
        return conversation.text(message("open", parameters(call, media, custom)));
    }

    private static String parameters(String call, String media, String custom) {
        return "{\"organizationId\":\"organization\",\"conversationId\":\"" + call
                + "\",\"participant\":{\"id\":\"p\"}," + "\"media\":" + media + ",\"customConfig\":" + custom + "}";
    }

    private String message(String type, String parameters) {
        return "{\"version\":\"2\",\"id\":\"session\",\"type\":\"" + type + "\",\"seq\":" + ++seq + ",\"serverseq\":"
                + heard + ",\"position\":\"PT0S\",\"parameters\":" + parameters + "}";
    }

    private static JsonNode said(CallEvent event) {
        return Json.object(((Say) event).text()).orElseThrow();
    }
}
