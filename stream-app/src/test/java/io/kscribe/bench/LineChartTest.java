package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.bench.LineChart.Line;
import io.kscribe.bench.LineChart.Panel;
import io.kscribe.bench.LineChart.Point;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LineChartTest {
    @Test
    void shouldPutPointsWhereTheAxesSay() throws Exception {
        Line line = new Line("a", List.of(new Point(0, 0), new Point(60, 100), new Point(120, 50)));
        Document svg = parsed(new LineChart("t", 120, List.of(new Panel("ms", List.of(line)))));

        List<double[]> points =
                points((Element) svg.getElementsByTagName("polyline").item(0));
        assertThat(points).hasSize(3);
        double left = points.get(0)[0];
        double right = points.get(2)[0];
        assertThat(points.get(1)[0]).isEqualTo((left + right) / 2);
        double bottom = points.get(0)[1];
        double top = points.get(1)[1];
        assertThat(top).isLessThan(bottom);
        assertThat(points.get(2)[1]).isEqualTo((top + bottom) / 2);
        assertThat(labels(svg)).contains("t", "ms", "a", "seconds from the beginning", "0", "100", "60", "120");
    }

    @Test
    void shouldDrawPanelsBelowOneAnother() throws Exception {
        Panel panel = new Panel("ms", List.of(new Line("a", List.of(new Point(0, 1), new Point(1, 1)))));
        Document svg = parsed(new LineChart("t", 1, List.of(panel, panel)));

        NodeList lines = svg.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        assertThat(points((Element) lines.item(1)).get(0)[1])
                .isGreaterThan(points((Element) lines.item(0)).get(0)[1] + 200);
    }

    @Test
    void shouldDrawNothingWhereNothingWasMeasured() throws Exception {
        Document svg = parsed(new LineChart("t", 1, List.of(new Panel("ms", List.of(new Line("a", List.of()))))));

        assertThat(points((Element) svg.getElementsByTagName("polyline").item(0)))
                .isEmpty();
    }

    @Test
    void shouldKeepNamesFromBecomingMarkup() throws Exception {
        Document svg = parsed(new LineChart("a < b & c", 1, List.of()));

        assertThat(labels(svg)).contains("a < b & c");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0.7, 1", "1, 1", "1.01, 2", "2.2, 2.5", "2.6, 5", "51, 100", "1800, 2000", "0.03, 0.05"})
    void shouldEndAxesAtRoundNumbers(double most, double end) {
        assertThat(LineChart.niceAbove(most)).isEqualTo(end);
    }

    private static Document parsed(LineChart chart) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> labels(Document svg) {
        List<String> labels = new ArrayList<>();
        NodeList texts = svg.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            labels.add(texts.item(i).getTextContent());
        }
        return labels;
    }

    private static List<double[]> points(Element polyline) {
        List<double[]> points = new ArrayList<>();
        for (String point : polyline.getAttribute("points").split(" ", -1)) {
            if (!point.isEmpty()) {
                int comma = point.indexOf(',');
                points.add(new double[] {
                    Double.parseDouble(point.substring(0, comma)), Double.parseDouble(point.substring(comma + 1))
                });
            }
        }
        return points;
    }
}
