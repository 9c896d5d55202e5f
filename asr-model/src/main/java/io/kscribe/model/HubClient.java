package io.kscribe.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks HTTP with a Hugging Face hub: asks whether files are there and fetches them. What may pass, such as a torn
 * connection or a busy server, is tried again a bounded number of times. The hub redirects large files to other servers
 * and, before it does, tells their length, SHA-256 and commit in {@code X-Linked-Size}, {@code X-Linked-Etag} and
 * {@code X-Repo-Commit}; the token is sent to the hub alone.
 */
final class HubClient {

    /** How long a server may take to accept a connection. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);

    /** How long a server may take to begin its answer. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    static final int MAX_REDIRECTS = 5;

    private static final Pattern SHA_256_TAG = Pattern.compile("\"?([0-9a-f]{64})\"?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    private final HubSettings settings;
    private final URI endpoint;

    /** @throws ModelException if the settings' endpoint is not the address of a web server */
    HubClient(HubSettings settings) throws ModelException {
        this.settings = settings;
        this.endpoint = settings.address();
    }

    /** The last answer to a request, with the headers of all answers on the way to it. */
    record Answer(HttpResponse<InputStream> last, List<HttpHeaders> headers) implements AutoCloseable {

        int status() {
            return last.statusCode();
        }

        InputStream body() {
            return last.body();
        }

        /** A header as the earliest answer that has it gives it. */
        Optional<String> earliest(String name) {
            return headers.stream()
                    .flatMap(hop -> hop.firstValue(name).stream())
                    .findFirst();
        }

        Optional<String> header(String name) {
            return last.headers().firstValue(name);
        }

        @Override
        public void close() throws IOException {
            last.body().close();
        }
    }

    /**
     * Asks for what the hub tells of a file.
     *
     * @return nothing if the repository has no such file
     * @throws ModelException if there is no such repository or revision, if it may not be read, or if it cannot be asked
     */
    Optional<RemoteFile> find(HubReference reference, String revision, String name) throws IOException, ModelException {
        String request = reference + " " + name;
        URI address = reference.file(endpoint, revision, name);
        Patience patience = new Patience(request, settings.firstPause());
        while (true) {
            try (Answer answer = ask("HEAD", address, Map.of())) {
                if (answer.status() == 404 && !missesMoreThanTheFile(answer)) {
                    return Optional.empty();
                }
                if (answer.status() != 200 && !redirects(answer.status())) {
                    throw refusal(request, answer);
                }
                return Optional.of(
                        new RemoteFile(request, name, address, size(answer), sha256(answer), commit(answer)));
            } catch (IOException e) {
                patience.after(e, false);
            }
        }
    }

    /**
     * Fetches a file, continuing what an earlier attempt has left of it.
     *
     * @param target where it is to be; its parts lie beside it until it is whole
     * @param advanced told how many of its bytes are there
     * @throws ModelException if it cannot be fetched, or is not what the hub said it is
     */
    void fetch(RemoteFile file, Path target, LongConsumer advanced) throws IOException, ModelException {
        new ResumableDownload(this, file, target)
                .run(new Patience(file.request(), settings.firstPause()), settings.stallLimit(), advanced);
    }

    /**
     * Makes one request and follows where it leads; a HEAD request is not followed to other servers, since what the hub
     * knows is in its own answer.
     *
     * @throws IOException also if the server says that it cannot answer now
     */
    Answer ask(String method, URI address, Map<String, String> headers) throws IOException, ModelException {
        List<HttpHeaders> seen = new ArrayList<>();
        URI at = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = send(request(method, at, headers));
            Answer answer = new Answer(response, seen);
            seen.add(response.headers());
            if (response.statusCode() == 408 || response.statusCode() == 429 || response.statusCode() >= 500) {
                answer.close();
                throw new IOException(at.getHost() + " answered HTTP " + response.statusCode());
            }
            Optional<String> location = answer.header("Location");
            if (!redirects(response.statusCode()) || location.isEmpty()) {
                return answer;
            }
            URI next = at.resolve(location.get());
            if (method.equals("HEAD") && !sameServer(next, address)) {
                return answer;
            }
            answer.close();
            if ("https".equals(at.getScheme()) && !"https".equals(next.getScheme())) {
                throw new ModelException(at + " leads away from https to " + next + ", so it was not followed");
            }
            at = next;
        }
        throw new ModelException(
                address + " leads to more than " + MAX_REDIRECTS + " other addresses, one after another");
    }

    private HttpRequest request(String method, URI address, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER_LIMIT)
                .header("User-Agent", "kscribe")
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (sameServer(address, endpoint)) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request.build();
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking " + request.uri());
        }
    }

    /** Says why a server that answered gave nothing. */
    ModelException refusal(String request, Answer answer) {
        return new ModelException(request + " cannot be had: "
                + switch (answer.status()) {
                    case 401, 403 ->
                        settings.token().isPresent()
                                ? "the hub does not let the token in " + HubSettings.TOKEN_VARIABLE + " read it"
                                : "it does not exist or is not public; set " + HubSettings.TOKEN_VARIABLE
                                        + " to a token that may read it";
                    case 404 -> "the hub has no such " + (isRevisionMissing(answer) ? "revision" : "model");
                    default -> "the hub answered HTTP " + answer.status();
                });
    }

    private static boolean missesMoreThanTheFile(Answer answer) {
        return answer.earliest("X-Error-Code").filter("RepoNotFound"::equals).isPresent() || isRevisionMissing(answer);
    }

    private static boolean isRevisionMissing(Answer answer) {
        return answer.earliest("X-Error-Code")
                .filter("RevisionNotFound"::equals)
                .isPresent();
    }

    private static boolean redirects(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static boolean sameServer(URI one, URI other) {
        return Objects.equals(one.getScheme(), other.getScheme())
                && Objects.equals(one.getAuthority(), other.getAuthority());
    }

    private static long size(Answer answer) {
        return answer.earliest("X-Linked-Size")
                .or(() -> answer.status() == 200 ? answer.header("Content-Length") : Optional.empty())
                .filter(digits -> digits.matches("[0-9]{1,18}"))
                .map(Long::valueOf)
                .orElse(DownloadProgress.UNKNOWN_BYTES);
    }

    private static Optional<String> sha256(Answer answer) {
        return answer.earliest("X-Linked-Etag")
                .or(() -> answer.earliest("ETag"))
                .map(SHA_256_TAG::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    private static Optional<String> commit(Answer answer) {
        return answer.earliest("X-Repo-Commit").filter(COMMIT.asMatchPredicate());
    }
}
