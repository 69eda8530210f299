package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.minip2p.benchmarks.BarChart.Bar;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
    @Test
    void isWellFormedWhateverItsTextsAre() throws Exception {
        BarChart chart = new BarChart("up & down < both, µs", List.of(new Bar("\"a\" > b & c", 1, true)));

        Document document = parse(chart.svg());

        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("up & down < both, µs");
    }

    @Test
    void drawsBarsAsLongAsTheirValues() throws Exception {
        BarChart chart = new BarChart("MiB/s", List.of(new Bar("all", 100, true), new Bar("half", 50, false)));

        List<Double> lengths = lengths(parse(chart.svg()));

        assertThat(lengths).hasSize(2);
        assertThat(lengths.get(1)).isEqualTo(lengths.get(0) / 2);
    }

    @Test
    void drawsNothingLongWhenThereIsNothing() throws Exception {
        assertThat(lengths(parse(new BarChart("B", List.of(new Bar("none", 0, true))).svg())))
                .containsExactly(0.0);
    }

    /** The lengths of all bars. The first rectangle is the background. */
    private static List<Double> lengths(Document document) {
        List<Double> lengths = new ArrayList<>();
        NodeList bars = document.getElementsByTagName("rect");
        for (int i = 1; i < bars.getLength(); i++) {
            lengths.add(Double.valueOf(((Element) bars.item(i)).getAttribute("width")));
        }
        return lengths;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}
