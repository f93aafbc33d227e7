// What people write in the story, in each language.
export const texts = {
  en: {
    subject: 'Intrusion on the Basalt Edge 400: data is leaving now',
    body: `Hello,

Our Basalt Edge 400 at the Quito site was breached this morning. An intruder signed in as administrator and we see data
exfiltration to an unknown address right now. Three branches are affected and the payment service is down.

Please help at once.

Ana Paredes
`,
    reply:
      'Ana, I have your case and I am on the device now. Please keep it switched on; I write again within the hour.',
    work: 'Blocked the intruder’s address and closed the administrator’s sessions',
    result: 'No more outgoing connections since the block',
    check: 'Checked the rules of the backup device',
    source: 'export of the device’s log',
    summary: 'Block confirmed, sessions closed, evidence attached',
    resolution: 'The intruder’s access is closed and nothing has left since. Please check one branch and confirm.',
    answer: 'We checked two branches: it works. One question: do we need to change every password?',
    comment: 'Fast and clear, thank you',
  },
  es: {
    subject: 'Intrusión en el Basalt Edge 400: están saliendo datos ahora',
    body: `Hola:

Esta mañana hubo una brecha en nuestro Basalt Edge 400 de la sede Quito. Un intruso entró como administrador y vemos
exfiltración de datos hacia una dirección desconocida en este momento. Hay tres agencias afectadas y el servicio de pagos está caído.

Necesitamos ayuda ya.

Ana Paredes
`,
    reply:
      'Ana, tengo su caso y ya estoy en el equipo. No lo apague, por favor; le vuelvo a escribir dentro de una hora.',
    work: 'Bloqueamos la dirección del intruso y cerramos las sesiones del administrador',
    result: 'Sin conexiones salientes desde el bloqueo',
    check: 'Revisamos las reglas del equipo de respaldo',
    source: 'exportación del registro del equipo',
    summary: 'Bloqueo confirmado, sesiones cerradas, evidencia adjunta',
    resolution:
      'El acceso del intruso está cerrado y no ha salido nada más. Por favor, compruebe una agencia y confírmelo.',
    answer: 'Probamos dos agencias y funciona. Una consulta: ¿hay que cambiar todas las contraseñas?',
    comment: 'Rápidos y claros, gracias',
  },
  pt: {
    subject: 'Intrusão no Basalt Edge 400: dados estão saindo agora',
    body: `Olá,

Esta manhã houve uma violação no nosso Basalt Edge 400 da unidade Quito. Um invasor entrou como administrador e vemos
exfiltração de dados para um endereço desconhecido neste momento. Três agências foram afetadas e o serviço de pagamentos está fora do ar.

Precisamos de ajuda já.

Ana Paredes
`,
    reply:
      'Ana, estou com o seu caso e já acessei o equipamento. Por favor, não o desligue; escrevo de novo dentro de uma hora.',
    work: 'Bloqueamos o endereço do invasor e encerramos as sessões do administrador',
    result: 'Nenhuma conexão de saída desde o bloqueio',
    check: 'Verificamos as regras do equipamento reserva',
    source: 'exportação do registro do equipamento',
    summary: 'Bloqueio confirmado, sessões encerradas, evidência anexada',
    resolution: 'O acesso do invasor está encerrado e nada mais saiu. Por favor, verifique uma agência e confirme.',
    answer: 'Testamos duas agências e funciona. Uma pergunta: precisamos trocar todas as senhas?',
    comment: 'Rápidos e claros, obrigado',
  },
};
